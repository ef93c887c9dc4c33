export {
  type ClientEnd,
  type ClientErrors,
  FrameClient,
  type FrameClientOptions,
} from './frame-client.ts'
export { type OpenPipe, type Pipe, type PipeEnd, type PipeOwner, socketPipe } from './pipe.ts'
