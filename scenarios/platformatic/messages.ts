import type { Consumer, Message, MessagesStream } from '@platformatic/kafka'

export type TextMessage = Message<string, string, string, string>
export type TextConsumer = Consumer<string, string, string, string>
export type TextStream = MessagesStream<string, string, string, string>
