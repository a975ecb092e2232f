/** Why a request is not served: a status of HTTP, and a reason in words. Nothing is stored of such a request. */

export class Refusal extends Error {
  override readonly name = "Refusal";
  /** @param status 4xx where the client is to change something, 5xx where it may try again */
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason);
  }
}

export const answer = (status: number, body: object): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store" } });
