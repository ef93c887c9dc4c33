import { aclRevoked } from './acl-revoked.ts'
import { answerDelayed } from './answer-delayed.ts'
import { answerLost } from './answer-lost.ts'
import { brokerCrash } from './broker-crash.ts'
import { brokerDown } from './broker-down.ts'
import { clockDrift } from './clock-drift.ts'
import { clockJump } from './clock-jump.ts'
import { controllerCut } from './controller-cut.ts'
import { coordinatorMoved } from './coordinator-moved.ts'
import { crash } from './crash.ts'
import { disconnectAfter } from './disconnect-after.ts'
import { disconnectBefore } from './disconnect-before.ts'
import { effectAckLost } from './effect-ack-lost.ts'
import { effectError } from './effect-error.ts'
import { gracefulRestart } from './graceful-restart.ts'
import { groupDeleted } from './group-deleted.ts'
import { handlerError } from './handler-error.ts'
import { join } from './join.ts'
import { leaderMoved } from './leader-moved.ts'
import { leave } from './leave.ts'
import { linkCut } from './link-cut.ts'
import { linkLatency } from './link-latency.ts'
import { linkRefuse } from './link-refuse.ts'
import { linkReset } from './link-reset.ts'
import { malformedRecord } from './malformed-record.ts'
import { offsetsReset } from './offsets-reset.ts'
import { partitionsAdded } from './partitions-added.ts'
import { pause } from './pause.ts'
import { recordsDeleted } from './records-deleted.ts'
import { replicaLag } from './replica-lag.ts'
import { requestDelayed } from './request-delayed.ts'
import { requestError } from './request-error.ts'
import { requestLost } from './request-lost.ts'
import { serviceAnswerLost } from './service-answer-lost.ts'
import { serviceDisconnect } from './service-disconnect.ts'
import { serviceDown } from './service-down.ts'
import { serviceError } from './service-error.ts'
import { serviceSlow } from './service-slow.ts'
import { slowHandler } from './slow-handler.ts'
import { throttle } from './throttle.ts'
import { topicConfigured } from './topic-configured.ts'
import { topicLate } from './topic-late.ts'
import { topicRecreated } from './topic-recreated.ts'
import { uncleanElection } from './unclean-election.ts'
/**
 * Every kind of fault, by family. What a fault is stands in the file of its name; all else that is
 * known of faults is derived from this list.
 */
export const FAULTS = [
  crash,
  pause,
  gracefulRestart,
  join,
  leave,
  partitionsAdded,
  linkLatency,
  linkCut,
  linkReset,
  linkRefuse,
  requestLost,
  answerLost,
  requestDelayed,
  answerDelayed,
  disconnectBefore,
  disconnectAfter,
  requestError,
  brokerDown,
  leaderMoved,
  coordinatorMoved,
  brokerCrash,
  replicaLag,
  controllerCut,
  uncleanElection,
  slowHandler,
  handlerError,
  effectError,
  effectAckLost,
  malformedRecord,
  throttle,
  aclRevoked,
  recordsDeleted,
  topicConfigured,
  topicLate,
  topicRecreated,
  offsetsReset,
  groupDeleted,
  clockJump,
  clockDrift,
  serviceAnswerLost,
  serviceError,
  serviceDisconnect,
  serviceDown,
  serviceSlow,
] as const
