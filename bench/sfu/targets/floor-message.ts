// What the bench and the process of the floor say to each other.

export interface FloorRequest {
  readonly type: 'open';
  readonly member: number;
  readonly sends: boolean;
  readonly offer: string;
}

export type FloorReply =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'answered'; readonly member: number; readonly answer: string };
