import type { ClientPort } from '../clients/client.interface.ts'
import type { RecordPosition } from '../core/history.ts'
import { named, observationNamed, topicNamed } from './cluster-names.ts'

/**
 * Receives the reports of a client of one of several clusters, with the names that the history has.
 * @param cluster its name; asked at each report, since a client knows it once it is connected
 */
export function portInCluster(port: ClientPort, cluster: () => string): ClientPort {
  const records = (all: readonly RecordPosition[]): readonly RecordPosition[] => {
    const name = cluster()
    return all.map((each) => topicNamed(name, each))
  }
  const group = (id: string): string => named(cluster(), id)
  return {
    ...port,
    named: records,
    observe: (observation) => port.observe(observationNamed(cluster(), observation)),
    believes: (id, memberId, partitions) =>
      port.believes(
        group(id),
        memberId,
        partitions.map((each) => topicNamed(cluster(), each)),
      ),
    handlerStart: (id, all, batch) => port.handlerStart(group(id), records(all), batch),
    handlerEnd: (id, all, batch, undone = []) =>
      port.handlerEnd(group(id), records(all), batch, records(undone)),
    handlerFailure: (id, all, batch, error) => port.handlerFailure(group(id), records(all), batch, error),
    resolved: (id, record) => port.resolved(group(id), topicNamed(cluster(), record)),
  }
}
