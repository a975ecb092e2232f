/**
 * Numbers for objects, since DAP passes references by number. Numbers start at 1 (0 means "none" in DAP) and
 * are never reused while the dump is open.
 */
export class Handles<T extends object> {
  private readonly objects: T[] = [];

  add(object: T): number {
    return this.objects.push(object);
  }

  get(handle: number): T | undefined {
    return this.objects[handle - 1];
  }
}
