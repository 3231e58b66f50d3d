import { StoreError } from "../state/store.ts";

/** Told of each document that cannot be read, while the rest is looked at and done. */
export type OnDamage = (error: StoreError) => void;

/** What `act` gives; undefined, once `onDamage` was told, when it needs a document that cannot be read. */
export async function unlessDamaged<T>(onDamage: OnDamage | undefined, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (onDamage === undefined || !isDamage(error)) throw error;
    onDamage(error);
    return undefined;
  }
}

/** Whether a document is damaged or gone, and others are as they should be. */
export function isDamage(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === "damaged" || error.code === "missing");
}
