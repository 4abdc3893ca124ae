package org.consentgateway.testkit.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationsTest {
    private static final String PAGE =
            """
            # Page
            ## Part
            ### no-gate
            The gate is shut
            until there is a grant.

            ```diff
              void open() {
            -     check(grant);
            +     ignore(grant);
            ```
            Law: `GateTest.opensWithAGrant`, `OtherTest`

            ## Last result
            """;

    /** Whoever moves or changes a line that a promise hangs on finds out here. */
    @Test
    void everyMutationFitsTheSources() throws IOException {
        assertThat(MutationRun.stale(Path.of(System.getProperty("project.root")))).isEmpty();
    }

    @Test
    void aSectionIsAPromiseAChangeAndItsLaws() {
        assertThat(Mutation.read(PAGE))
                .containsExactly(
                        new Mutation(
                                "no-gate",
                                "The gate is shut until there is a grant.",
                                " void open() {\n     check(grant);\n",
                                " void open() {\n     ignore(grant);\n",
                                List.of(
                                        new NamedTest("GateTest", "opensWithAGrant"),
                                        new NamedTest("OtherTest", ""))));
    }

    @Test
    void aSectionWithoutALawIsRefused() {
        assertThatThrownBy(() -> Mutation.read(PAGE.replace("Law:", "Lore:")))
                .hasMessageStartingWith("no-gate");
    }

    @Test
    void theTextIsFoundHoweverItIsBroken(@TempDir Path root) throws Exception {
        write(root, "src/main/java/a/Gate.java", "void open()\n{ check(\n        grant); }");

        SourceTree.Mutant mutant = SourceTree.read(root).mutate(Mutation.read(PAGE).getFirst());

        assertThat(mutant.file()).endsWithRaw(Path.of("a/Gate.java"));
        assertThat(mutant.text()).contains("ignore(grant)").endsWith(" }").doesNotContain("check");
    }

    @Test
    void aTextThatIsNotThereOrThereTwiceIsStale(@TempDir Path root) throws IOException {
        Mutation mutation = Mutation.read(PAGE).getFirst();
        assertThatThrownBy(() -> SourceTree.read(root).mutate(mutation))
                .hasMessageContaining("found 0 times");

        write(root, "src/main/java/a/Gate.java", "void open() { check(grant); }");
        write(root, "src/main/java/b/Gate.java", "void open() { check(grant); }");
        assertThatThrownBy(() -> SourceTree.read(root).mutate(mutation))
                .hasMessageContaining("found 2 times");
    }

    @Test
    void aLawIsATestThatExists(@TempDir Path root) throws Exception {
        Mutation mutation = Mutation.read(PAGE).getFirst();
        write(root, "src/test/java/a/OtherTest.java", "");
        write(root, "src/test/java/a/GateTest.java", "void opensWithoutAGrant() {}");
        assertThatThrownBy(() -> SourceTree.read(root).locate(mutation))
                .hasMessageContaining("no test GateTest.opensWithAGrant");

        write(root, "src/test/java/a/GateTest.java", "void opensWithAGrant() {}");
        assertThat(SourceTree.read(root).locate(mutation))
                .extracting(SourceTree.Located::className)
                .containsExactly("a.GateTest", "a.OtherTest");
    }

    private static void write(Path root, String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.writeString(root.resolve("pom.xml"), "");
    }
}
