/** The engine, loaded the first time that a dump is opened. */
export const engine = () => import("./engine-side");
