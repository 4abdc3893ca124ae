package org.consentgateway.testkit.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** A law over all calls that nobody has seen red may be blind. */
    @Test
    void eachLawOverAllCallsIsTheOnlyOneOfSomeMutation() throws IOException {
        Path root = Path.of(System.getProperty("project.root"));
        Set<String> alone =
                Mutation.read(Files.readString(root.resolve(MutationRun.PAGE))).stream()
                        .filter(mutation -> mutation.laws().size() == 1)
                        .map(mutation -> mutation.laws().getFirst().toString())
                        .collect(Collectors.toSet());
        String invariants =
                Files.readString(
                        root.resolve(
                                "gateway/consent/src/test/java/org/consentgateway/call/InvariantsTest.java"));
        List<String> laws =
                Pattern.compile("\\blaw\\(\\s*\"(\\w+)\"")
                        .matcher(invariants)
                        .results()
                        .map(law -> "InvariantsTest." + law.group(1))
                        .toList();

        assertThat(laws).hasSizeGreaterThan(30).allMatch(alone::contains);
    }

    /** A class that moves would be left out without a word by the change of every line. */
    @Test
    void whatIsChangedLineByLineExists() throws IOException {
        Path module = Path.of(System.getProperty("project.root")).resolve("gateway/consent");
        String pom = Files.readString(module.resolve("pom.xml"));
        String targets =
                pom.substring(pom.indexOf("<targetClasses>"), pom.indexOf("</targetClasses>"));

        assertThat(Pattern.compile("<param>([\\w.]+)[*]?</param>").matcher(targets).results())
                .hasSizeGreaterThan(4)
                .allMatch(name ->
                        Files.exists(
                                module.resolve("src/main/java")
                                        .resolve(name.group(1).replace('.', '/') + ".java")));
    }

    @Test
    void aRunOfSomeLeavesTheResultsOfTheOthers() {
        String page =
                PAGE
                        + """

                        | mutation | result | day |
                        | --- | --- | --- |
                        | no-gate | killed by GateTest.opensWithAGrant | 2026-11-01 |
                        | gone | SURVIVED | 2026-11-01 |
                        """;
        List<Mutation> all =
                Mutation.read(
                        page.replace("### no-gate", "### other\n" + section() + "\n### no-gate"));
        ResultTable table = ResultTable.read(page);
        table.put(all.getFirst(), new Verdict.Survived(), LocalDate.of(2026, 11, 2));

        assertThat(table.into(page, all))
                .startsWith("# Page")
                .endsWith(
                        """
                        ## Last result

                        `scripts/mutate --write`: of 2 mutations 2 run, 1 killed.

                        | mutation | result | day |
                        | --- | --- | --- |
                        | other | SURVIVED | 2026-11-02 |
                        | no-gate | killed by GateTest.opensWithAGrant | 2026-11-01 |
                        """);
    }

    private static String section() {
        return PAGE.substring(PAGE.indexOf("The gate is shut"), PAGE.indexOf("## Last result"));
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
