export { type ClientErrors, FrameClient } from './frame-client.ts'
export { socketPipe } from './pipe.ts'
