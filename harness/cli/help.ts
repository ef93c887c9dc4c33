import { RUNS_DEFAULT } from '../check/settings.ts'
import { STRATEGY_NAMES } from '../search/strategies/portfolio.ts'

export const HELP = `onceover: give your Kafka consumer the once-over: at least once, at most once, exactly once

  onceover check <files or globs…>   search for a schedule of faults that breaks the claimed guarantee
      --runs N          most schedules for each scenario (default ${RUNS_DEFAULT})
      --time 60s        most wall time for each scenario; 500ms, 60s, 5m, 1h
      --seed S          what schedules are drawn from, a word or a number (default: a new one, printed)
      --strategy NAME   ${STRATEGY_NAMES.join(', ')} (default portfolio)
      --jobs N          threads that run schedules (default: the cores); the outcome does not depend on it
      --require sweep   undecided unless every single fault of the sweep was tried
      --findings N      go on until N findings of different causes (default 1)
      --no-corpus       neither try first what failed in earlier checks, nor keep what fails in this one;
                        a replay file beside its scenario is a regression test, and is played all the same
      --shard I/N       the I-th of N parts of the search, for N machines; needs --seed
      --out DIR         where counterexamples go (default .onceover)
      --json FILE       write the results as JSON; - prints them alone on standard output
      --junit FILE      write the results as JUnit XML
      --html FILE       write the results as one page with diagrams
      --confirm [N]     replay what is found N times on a real Kafka (default 3; with --provider NAME, as below)
      --quiet           no progress

  onceover merge <shard-I-of-N.json…>   one report of what the parts of a search found
      --json, --junit, --html FILE, --out DIR   as for check

  onceover replay <counterexample.json>   run exactly that schedule again
      --timeline        print the whole history as lanes
      --console         print what the app printed, with virtual times
      --history FILE    write the whole history as JSON lines; - prints them alone on standard output
      --mermaid         print the story as a Mermaid sequence diagram
      --trust           run a scenario from outside of the working directory
      --on real         on a real Kafka, each process behind a Toxiproxy of its own (default simulation)
      --times N         how many times on a real Kafka (default 10)
      --provider NAME   docker, local, testcontainers or brokers=host:port (default: what can be had here)
      --kafka V         which Kafka (default 4.1.0)
      --hurry           shorter sessions, where the schedule means the same with them, and shorter waits
      --lanes N         so many clusters side by side (default 1)
      --json FILE       write what came of each try as JSON; - prints it alone on standard output

  onceover serve   the simulated Kafka cluster on TCP ports, in real time, for clients in any language
      --brokers N       how many, each on a port of its own (default 1)
      --port P          the first one's port (default 9092; 0: free ports)
      --host H          where to listen (default 127.0.0.1)
      --advertised-host H   what clients are told to connect to (default: the same)
      --topic NAME:N    a topic with N partitions; as often as you like
      --setting K=V     a broker setting by its Kafka name; as often as you like
      --seed S          what member ids are drawn from

  onceover --help, onceover --version

Exit codes: 0 held, 1 violated, 2 undecided, 3 wrong use, 4 harness error. serve ends with 0. Of several scenarios the worst counts, in the
order 4, 3, 1, 2, 0. NO_COLOR turns colours off.
`
