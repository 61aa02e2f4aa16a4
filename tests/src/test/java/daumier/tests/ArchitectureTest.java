package daumier.tests;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Holds the arrows of the house: faces and diffusion below env, env below agent, agent below the
 * application; and a policy never sees faces or diffusion.
 */
final class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("daumier");

    @Test
    void everyModuleIsHere() {
        for (String module : new String[] {"faces", "diffusion", "env", "agent", "cli"}) {
            assertTrue(
                    CLASSES.stream()
                            .anyMatch(c -> c.getPackageName().startsWith("daumier." + module)),
                    "no classes of daumier." + module);
        }
    }

    @Test
    void arrowsPointDownwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
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
                .mayOnlyBeAccessedByLayers("env", "cli")
                .check(CLASSES);
    }
}
