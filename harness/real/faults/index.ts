import type { Fault, FaultKind } from '../../core/fault.ts'
import type { FaultStart } from '../../faults/outcome.ts'
import { aclRevoked } from './acl-revoked.ts'
import { answerDelayed } from './answer-delayed.ts'
import { answerLost } from './answer-lost.ts'
import { brokerCrash } from './broker-crash.ts'
import { brokerDown } from './broker-down.ts'
import { clockJump } from './clock-jump.ts'
import { controllerCut } from './controller-cut.ts'
import { coordinatorMoved } from './coordinator-moved.ts'
import { crash } from './crash.ts'
import { disconnectAfter } from './disconnect-after.ts'
import { disconnectBefore } from './disconnect-before.ts'
import { effectAckLost } from './effect-ack-lost.ts'
import { effectError } from './effect-error.ts'
import { gracefulRestart } from './graceful-restart.ts'
import { handlerError } from './handler-error.ts'
import { join } from './join.ts'
import { leaderMoved } from './leader-moved.ts'
import { leave } from './leave.ts'
import { linkCut } from './link-cut.ts'
import { linkLatency } from './link-latency.ts'
import { linkRefuse } from './link-refuse.ts'
import { linkReset } from './link-reset.ts'
import { malformedRecord } from './malformed-record.ts'
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
import { topicRecreated } from './topic-recreated.ts'
import { uncleanElection } from './unclean-election.ts'
import type { RealFaultWorld, Translation } from './world.interface.ts'

/** Every kind has an answer here, or this does not compile. */
export const TRANSLATIONS: { readonly [Kind in FaultKind]: Translation<Kind> } = {
  crash,
  pause,
  'graceful-restart': gracefulRestart,
  join,
  leave,
  'slow-handler': slowHandler,
  'handler-error': handlerError,
  'malformed-record': malformedRecord,
  'link-latency': linkLatency,
  'link-cut': linkCut,
  'link-reset': linkReset,
  'link-refuse': linkRefuse,
  'request-lost': requestLost,
  'answer-lost': answerLost,
  'request-delayed': requestDelayed,
  'answer-delayed': answerDelayed,
  'disconnect-before': disconnectBefore,
  'disconnect-after': disconnectAfter,
  'request-error': requestError,
  throttle,
  'acl-revoked': aclRevoked,
  'records-deleted': recordsDeleted,
  'topic-recreated': topicRecreated,
  'broker-down': brokerDown,
  'broker-crash': brokerCrash,
  'replica-lag': replicaLag,
  'controller-cut': controllerCut,
  'unclean-election': uncleanElection,
  'leader-moved': leaderMoved,
  'coordinator-moved': coordinatorMoved,
  'partitions-added': partitionsAdded,
  'effect-error': effectError,
  'effect-ack-lost': effectAckLost,
  'clock-jump': clockJump,
  'service-answer-lost': serviceAnswerLost,
  'service-error': serviceError,
  'service-disconnect': serviceDisconnect,
  'service-down': serviceDown,
  'service-slow': serviceSlow,
}

/** Lets the fault act. See `Translation`. */
export function beginRealFault(fault: Fault, world: RealFaultWorld): FaultStart {
  const translation = TRANSLATIONS[fault.kind] as {
    begin(fault: Fault, world: RealFaultWorld): FaultStart
  }
  return translation.begin(fault, world)
}
