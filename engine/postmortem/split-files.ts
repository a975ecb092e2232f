/** Files with split debug information as the DWARF reader takes them: opened once, by whichever unit asks first. */
import { type DwarfSections, dwarfSectionsOf } from "../dwarf/sections";
import type { SplitFile, SplitFiles, SplitReference } from "../dwarf/split";
import { WasmModule } from "../wasm/module";
import type { CompanionFiles, NamedSource } from "./module-files";

export class OpenedSplitFiles implements SplitFiles {
  private readonly opened = new Map<string, DwarfSections>();

  constructor(private readonly companions: CompanionFiles) {}

  *candidates(reference: SplitReference): Iterable<SplitFile> {
    for (const file of this.companions.splitDebugInformation(reference))
      yield { path: file.path, sections: () => this.sectionsOf(file) };
  }

  private sectionsOf({ path, source }: NamedSource): DwarfSections {
    let sections = this.opened.get(path);
    if (sections === undefined) {
      // Compilers for Wasm keep the sections in a Wasm file of their own.
      sections = dwarfSectionsOf(WasmModule.open(source));
      this.opened.set(path, sections);
    }
    return sections;
  }
}
