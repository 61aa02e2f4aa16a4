package daumier.tests;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Holds the arrows of the house: faces and diffusion below env, env below agent, agent below the
 * application.
 */
@AnalyzeClasses(packages = "daumier", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .withOptionalLayers(true)
                    .layer("faces")
                    .definedBy("daumier.faces..")
                    .layer("diffusion")
                    .definedBy("daumier.diffusion..")
                    .layer("env")
                    .definedBy("daumier.env..")
                    .layer("agent")
                    .definedBy("daumier.agent..")
                    .layer("cli")
                    .definedBy("daumier.cli..")
                    .whereLayer("cli")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("agent")
                    .mayOnlyBeAccessedByLayers("cli")
                    .whereLayer("env")
                    .mayOnlyBeAccessedByLayers("agent", "cli")
                    .whereLayer("faces")
                    .mayOnlyBeAccessedByLayers("env", "cli")
                    .whereLayer("diffusion")
                    .mayOnlyBeAccessedByLayers("env", "cli");

    private ArchitectureTest() {}
}
