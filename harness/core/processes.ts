import { DEFAULT_APP, parseAppProcess, processName } from './names.ts'

/** How many processes of an app run from the beginning, and how many a search may make of them. */
export interface WorkloadApp {
  readonly processes: number
  readonly atLeast: number
  readonly atMost: number
}

/** The processes of a workload. */
export interface Processes {
  /** Of all apps. */
  readonly consumers: number
  /** By name, where there are several; absent: one app, whose processes are `consumer-0` and on. */
  readonly apps?: Readonly<Record<string, WorkloadApp>> | undefined
}

/** The apps by name: the one app of the short form is `consumer`. */
export function appsOf({ apps, consumers }: Processes): Readonly<Record<string, WorkloadApp>> {
  return apps ?? { [DEFAULT_APP]: { processes: consumers, atLeast: 1, atMost: Number.POSITIVE_INFINITY } }
}

/** The processes that run from the beginning, in the order in which they start. */
export function processNames(workload: Processes): string[] {
  return Object.entries(appsOf(workload)).flatMap(([app, { processes }]) =>
    Array.from({ length: processes }, (_, index) => processName(index, app)),
  )
}

/** The workload with so many processes of this app. */
export function withProcesses<Each extends Processes>(workload: Each, app: string, processes: number): Each {
  const { apps } = workload
  const known = apps?.[app]
  if (apps === undefined || known === undefined) return { ...workload, consumers: processes }
  return {
    ...workload,
    consumers: workload.consumers - known.processes + processes,
    apps: { ...apps, [app]: { ...known, processes } },
  }
}

/** Whether it is the name of a process of one of these apps, also of one that joins later. */
export function isProcess(name: string, processes: Processes): boolean {
  const app = parseAppProcess(name)?.app
  return app !== undefined && Object.hasOwn(appsOf(processes), app)
}

/** The app that a process belongs to. */
export function appOf(process: string): string {
  return parseAppProcess(process)?.app ?? DEFAULT_APP
}
