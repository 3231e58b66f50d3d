import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { commitAll, copyRepository, ocuroot, openRepository, ownEditor, release, run } from "../src/session.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** Pictures of what is not as in the samples, each with what must still be readable in it. */
describe("Views of unusual repositories", () => {
  let workbench: Workbench;

  describe("with five hundred environments", () => {
    story();
    before(async function () {
      this.timeout(240_000);
      const folder = copyRepository("hundred");
      const change = (name: string, from: string, to: string) => {
        const path = join(folder, name);
        writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
      };
      change("environments.ocu.star", "range(100)", "range(500)");
      // Five hundred shells would show nothing more.
      change("release.ocu.star", 'host.shell("echo {} gets', 'print("{} gets');
      commitAll(folder, "More stores");
      release(folder, "environments.ocu.star");
      run(folder, "--quiet", "release", "new", "release.ocu.star");
      ({ workbench } = await openRepository(folder, { file: "release.ocu.star" }));
    });

    it("list what is deployed where", async () => {
      const environments = workbench.tree("Environments");
      await environments.show();
      await workbench.tree("Phases").hide();
      await environments.waitFor(/^store-0 /);
      await workbench.tree("Releases").waitFor(/release\.ocu\.star .*r1 done/);
      await workbench.screenshot("extreme-environments");
      await environments.hide();
    });

    it("draw one card for each large phase, and all of it when asked", async () => {
      await workbench.runCommand("Ocuroot: Preview Phases");
      const graph = await PhaseGraph.inTab(workbench);
      await workbench.runCommand("View: Toggle Maximize Editor Group");
      await graph.waitForText(/480 deploys/);
      await workbench.screenshot("extreme-graph");
      await workbench.runCommand("View: Toggle Maximize Editor Group");
      await workbench.editor.closeTab();
    });
  });

  describe("with long names, in a narrow side bar", () => {
    const name = "customer-facing-storefront-with-a-rather-long-name";
    const file = `services/${name}/continuous-delivery/release.ocu.star`;

    story();
    before(async function () {
      this.timeout(240_000);
      const folder = copyRepository("seed");
      mkdirSync(join(folder, "services", name, "continuous-delivery"), { recursive: true });
      renameSync(join(folder, "release.ocu.star"), join(folder, file));
      writeFileSync(join(folder, file), longNames);
      writeFileSync(join(folder, "environments.ocu.star"), longEnvironments);
      commitAll(folder, "Long names");
      release(folder, "environments.ocu.star");
      assert.equal(ocuroot(folder, "release", "new", file).status, 1);
      // Of its own: the width of the side bar and the theme would stay.
      ({ workbench } = await openRepository(folder, { editor: await ownEditor() }));
      await workbench.quickInput.openFile(file);
    });
    it("keep the status and the end of the news in sight", async () => {
      await workbench.tree("Releases").waitFor(/r1 failed/);
      const graph = await PhaseGraph.show(workbench);
      await graph.waitForText(/production/);
      await workbench.screenshot("extreme-names");
      await workbench.resizeSideBar(190);
      const width = await workbench.page.locator(".part.sidebar").evaluate((part) => part.clientWidth);
      assert.ok(width < 230, `the side bar is ${width} wide`);
      await graph.waitUntilWhole();
      await workbench.screenshot("extreme-narrow");
    });

    it("have no fault that axe finds when narrow, in any theme", async () => {
      const graph = await PhaseGraph.show(workbench);
      for (const theme of Object.keys(themes) as ThemeKind[]) {
        await workbench.setTheme(theme);
        assert.deepEqual(await graph.accessibilityFaults(), [], theme);
      }
    });
  });
});

const longEnvironments = `ocuroot("0.3.0")

register_environment(environment("production-europe-west-frankfurt-availability-zone-1", {"type": "prod"}))
register_environment(environment("production-united-states-east-virginia-zone-2", {"type": "prod"}))
`;

const longNames = `ocuroot("0.3.0")

def build():
    return done(outputs={"container_image_with_registry_and_digest": "registry.example.com/storefront/web@sha256:0123456789abcdef0123456789abcdef"})

task(build, name="compile-and-package-the-storefront-for-every-architecture", annotation="Für alle Architekturen")

def up(environment, container_image_with_registry_and_digest):
    if "virginia" in environment["name"]:
        fail("the quota for load balancers in the region us-east-1 of the account 123456789012 is exceeded; ask for more")
    return done()

def down(environment, container_image_with_registry_and_digest):
    return done()

phase(
    "production in all regions that customers can reach from the storefront",
    work=[
        deploy(
            environment=e,
            up=up,
            down=down,
            inputs={
                "container_image_with_registry_and_digest": ref(
                    "./task/compile-and-package-the-storefront-for-every-architecture#output/container_image_with_registry_and_digest",
                ),
            },
        )
        for e in environments()
    ],
)
`;
