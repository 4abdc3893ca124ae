package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.consentgateway.GatewayConfig.Dialog;
import org.consentgateway.GatewayConfig.Line;
import org.consentgateway.config.Problem;
import org.consentgateway.config.WrongConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayConfigTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root", ".."), "config", "gateway.yaml");

    /** The least that starts; line numbers below count from its first line. */
    private static final String SMALLEST =
            """
            trunks:
              - name: carrier
                sources: [203.0.113.0/24]
            assistants:
              - name: assistant
                uri: sip:assistant@192.0.2.7
            humans:
              - name: team
                uri: sip:team@192.0.2.8
            levels:
              - id: basis
                purposes: [assistant]
              - id: komfort
                purposes: [assistant, transcript]
            lines:
              - name: service
                numbers: ["+4930123456"]
                notice: demo
                levels: [basis, komfort]
                assistant: assistant
                human: team
            """;

    @TempDir private Path home;

    @BeforeEach
    void anEmptyNotice() throws IOException {
        Files.createDirectories(home.resolve("config/notices/demo"));
    }

    @Test
    void theShippedFileIsTheDemonstration() throws Exception {
        GatewayConfig config = GatewayConfig.load(SHIPPED, home);

        assertThat(config.demo().agents()).isTrue();
        assertThat(config.trunks()).extracting(GatewayConfig.Trunk::name).containsExactly("local");
        assertThat(config.lines())
                .extracting(Line::name, Line::dialog)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("demo", Dialog.LADDER),
                        org.assertj.core.groups.Tuple.tuple("demo-menu", Dialog.MENU),
                        org.assertj.core.groups.Tuple.tuple("privacy", Dialog.PRIVACY));
        assertThat(config.lines().getFirst().numbers()).containsExactly("+4930123456", "demo");
    }

    @Test
    void theSmallestFileTakesEveryDefault() throws Exception {
        GatewayConfig config = load(SMALLEST);

        assertThat(config.sip().listen()).hasToString("[udp:0.0.0.0:5060, tcp:0.0.0.0:5060]");
        assertThat(config.web().listen()).hasToString("127.0.0.1:8080");
        assertThat(config.store().witness()).isEmpty();
        assertThat(config.demo().agents()).isFalse();
        Line line = config.lines().getFirst();
        assertThat(line.firstInput()).isEqualTo(Duration.ofSeconds(6));
        assertThat(line.renewalWindow()).isEqualTo(Period.ofDays(30));
        assertThat(line.human()).isEqualTo(Optional.of("team"));
    }

    @Test
    void relativePathsStartAtHome() throws Exception {
        GatewayConfig config = load(SMALLEST);

        assertThat(config.store().keys()).isEqualTo(home.resolve("data/keys"));
        assertThat(config.store().url().text())
                .isEqualTo("jdbc:sqlite:" + home + "/data/ledger.db");
    }

    @Test
    void aPasswordInTheStoreUrlIsNotPrinted() throws Exception {
        GatewayConfig config =
                load(
                        "store: {url: \"jdbc:postgresql://db/ledger?user=u&password=open\"}\n"
                                + SMALLEST);

        assertThat(config.store().url().text()).contains("password=open");
        assertThat(config.toString()).doesNotContain("open\"").doesNotContain("password");
    }

    static Stream<Arguments> wrongConfigurations() {
        return Stream.of(
                wrong(
                        "a slip of the finger in a key",
                        yaml -> yaml.replace("assistant: assistant", "asistant: assistant"),
                        "20 lines[0].asistant is no key; did you mean \"assistant\"?"),
                wrong(
                        "a slip of the finger in a key that must be there",
                        yaml -> yaml.replace("notice: demo", "notcie: demo"),
                        "18 lines[0].notcie is no key; did you mean \"notice\"?"),
                wrong(
                        "an unknown key far from any other",
                        yaml -> "node: {colour: red}\n" + yaml,
                        "1 node.colour is no key; known here: id"),
                wrong(
                        "a word for a number",
                        yaml -> yaml + "limits:\n  calls: many\n",
                        "23 limits.calls must be a whole number, not \"many\" | calls: 400"),
                wrong(
                        "a number out of range",
                        yaml -> yaml + "limits: {calls: 0}\n",
                        "22 limits.calls must be at least 1 | calls: 400"),
                wrong(
                        "too many repeats",
                        yaml -> yaml + "    repeats: 3\n",
                        "22 lines[0].repeats must be at most 2 | repeats: 2"),
                wrong(
                        "a time that is none",
                        yaml -> yaml + "    first-input: six\n",
                        "22 lines[0].first-input must be a time such as 6s, 500ms, 2m or PT6S, not"
                                + " \"six\" | first-input: 6s"),
                wrong(
                        "a time too short",
                        yaml -> yaml + "    first-input: 200ms\n",
                        "22 lines[0].first-input must be at least 1s | first-input: 6s"),
                wrong(
                        "yes instead of true",
                        yaml -> yaml + "    satisfaction: yes\n",
                        "22 lines[0].satisfaction must be true or false, not \"yes\" |"
                                + " satisfaction: false"),
                wrong(
                        "a missing key",
                        yaml -> yaml.replace("    notice: demo\n", ""),
                        "16 lines[0].notice is missing | notice: demo"),
                wrong(
                        "a missing section",
                        yaml -> yaml.replaceAll("(?s)lines:.*", ""),
                        "1 lines is missing | lines: [{name: …, numbers: […], notice: …, levels:"
                                + " […]}]"),
                wrong(
                        "an empty list",
                        yaml -> yaml.replace("[203.0.113.0/24]", "[]"),
                        "3 trunks[0].sources must not be empty | sources: [203.0.113.0/24]"),
                wrong(
                        "a value for a list",
                        yaml -> yaml.replace("[203.0.113.0/24]", "203.0.113.0/24"),
                        "3 trunks[0].sources must be a list, not \"203.0.113.0/24\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a list for a value",
                        yaml -> yaml.replace("notice: demo", "notice: [demo]"),
                        "18 lines[0].notice must be text, not a list | notice: demo"),
                wrong(
                        "a value for a section",
                        yaml -> yaml + "limits: none\n",
                        "22 limits must be a group of keys, not \"none\""),
                wrong(
                        "a key without a value",
                        yaml -> yaml.replace("notice: demo", "notice:"),
                        "18 lines[0].notice is empty | notice: demo"),
                wrong(
                        "a key given twice",
                        yaml -> yaml + "    human: team\n",
                        "22 lines[0].human is given twice; the first is in line 21"),
                wrong(
                        "a wrong network",
                        yaml -> yaml.replace("203.0.113.0/24", "203.0.113.0/33"),
                        "3 trunks[0].sources[0] must be an address or range such as 192.0.2.7,"
                                + " 192.0.2.0/24 or ::1, not \"203.0.113.0/33\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a host name where only an address is sure",
                        yaml -> yaml.replace("203.0.113.0/24", "trunk.example"),
                        "3 trunks[0].sources[0] must be an address or range such as 192.0.2.7,"
                                + " 192.0.2.0/24 or ::1, not \"trunk.example\" | sources:"
                                + " [203.0.113.0/24]"),
                wrong(
                        "a telephone number as the name of a line",
                        yaml -> yaml.replace("name: service", "name: 4930123456"),
                        "16 lines[0].name must be a letter, then letters, digits, - or _ (up to"
                                + " 40), not \"4930123456\" | name: service"),
                wrong(
                        "a number without its country",
                        yaml -> yaml.replace("+4930123456", "030123456"),
                        "17 lines[0].numbers[0] must be a number such as +4930123456 or a user"
                                + " name, not \"030123456\" | numbers: [\"+4930123456\"]"),
                wrong(
                        "a SIP address without a scheme",
                        yaml -> yaml.replace("sip:team@192.0.2.8", "team@192.0.2.8"),
                        "9 humans[0].uri must be a SIP address such as"
                                + " sip:assistant@192.0.2.7:5060, not \"team@192.0.2.8\" | uri:"
                                + " sip:team@192.0.2.8:5060"),
                wrong(
                        "a word that is no choice",
                        yaml -> yaml + "    dialog: chat\n",
                        "22 lines[0].dialog must be one of ladder, menu, privacy, not \"chat\" |"
                                + " dialog: ladder"),
                wrong(
                        "a transport we do not speak",
                        yaml -> "sip: {listen: [sctp:0.0.0.0:5060]}\n" + yaml,
                        "1 sip.listen[0] must be udp:ADDRESS:PORT or tcp:ADDRESS:PORT, not"
                                + " \"sctp:0.0.0.0:5060\" | listen: [udp:0.0.0.0:5060,"
                                + " tcp:0.0.0.0:5060]"),
                wrong(
                        "a store we do not know",
                        yaml -> "store: {url: \"jdbc:oracle:thin\"}\n" + yaml,
                        "1 store.url must be jdbc:sqlite:FILE or"
                                + " jdbc:postgresql://HOST/DATABASE?user=…&password=…, not"
                                + " \"jdbc:oracle:thin\" | url: jdbc:sqlite:data/ledger.db"),
                wrong(
                        "a line to a human nobody knows",
                        yaml -> yaml.replace("human: team", "human: teem"),
                        "21 lines[0].human names no human: \"teem\"; did you mean \"team\"?"),
                wrong(
                        "a line by a trunk nobody knows",
                        yaml -> yaml + "    trunks: [other]\n",
                        "22 lines[0].trunks[0] names no trunk: \"other\"; known: carrier"),
                wrong(
                        "a line with a level nobody knows",
                        yaml -> yaml.replace("[basis, komfort]", "[basic, komfort]"),
                        "19 lines[0].levels[0] names no level: \"basic\"; did you mean \"basis\"?"),
                wrong(
                        "levels that do not grow",
                        yaml -> yaml.replace("[basis, komfort]", "[komfort, basis]"),
                        "19 lines[0].levels[1] must have all purposes of \"komfort\" and more |"
                                + " levels: [basis, komfort, voll]"),
                wrong(
                        "a notice that is not there",
                        yaml -> yaml.replace("notice: demo", "notice: demi"),
                        "18 lines[0].notice names no folder under HOME/config/notices: \"demi\""),
                wrong(
                        "a line without an assistant",
                        yaml -> yaml.replace("    assistant: assistant\n", ""),
                        "16 lines[0].assistant is missing; only a line with dialog: privacy does"
                                + " without | assistant: assistant"),
                wrong(
                        "a number of two lines",
                        yaml ->
                                yaml
                                        + yaml.replaceAll("(?s).*lines:\n", "")
                                                .replace("service", "x"),
                        "23 lines[1].numbers[0] belongs to line service already"),
                wrong(
                        "two lines of one name",
                        yaml -> yaml + yaml.replaceAll("(?s).*lines:\n", "").replace("56", "57"),
                        "22 lines[1].name \"service\" is given twice"),
                wrong(
                        "more calls than ports",
                        yaml -> yaml + "media:\n  ports: {first: 20000, last: 20099}\n",
                        "1 limits.calls is more than media.ports can serve: 1600 ports are needed,"
                                + " there are 100 | calls: 25"),
                wrong(
                        "an odd first port",
                        yaml -> yaml + "media:\n  ports: {first: 20001}\n",
                        "23 media.ports.first must be even (RTP takes the even ports) | first:"
                                + " 20002"),
                wrong(
                        "an address nobody can send to",
                        yaml -> yaml + "media: {address: 0.0.0.0}\n",
                        "22 media.address is every address of this machine, which nobody can send"
                                + " to; name one here or in media.advertised-address |"
                                + " advertised-address: 203.0.113.10"),
                wrong(
                        "an alias",
                        yaml -> "node: &n {id: a}\ndrain: *n\n" + yaml,
                        "2 drain uses an alias (*name); write the value out"),
                wrong(
                        "a tab",
                        yaml -> yaml + "limits:\n\tcalls: 3\n",
                        "23 this is not YAML: found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)"),
                wrong(
                        "an open bracket",
                        yaml -> "node: {id: a\n" + yaml,
                        "2 this is not YAML: expected ',' or '}', but got :"),
                wrong(
                        "another document",
                        yaml -> yaml + "---\nnode: {id: a}\n",
                        "23 a second document (---) is not read"),
                wrong(
                        "nested without end",
                        yaml -> "node: {id: " + "[".repeat(40) + "]".repeat(40) + "}\n" + yaml,
                        "1 node.id" + "[0]".repeat(15) + " is nested too deeply",
                        "1 node.id must be text, not a list | id: gateway"),
                wrong(
                        "many things at once, in the order of the file",
                        yaml ->
                                yaml.replace("[assistant]", "[Assistant]")
                                                .replace("human: team", "human: nobody")
                                        + "    repeats: lots\n"
                                        + "limits: {call: 3}\n",
                        "12 levels[0].purposes[0] must be small letters, digits and - only, not"
                                + " \"Assistant\" | purposes: [assistant]",
                        "21 lines[0].human names no human: \"nobody\"; known: team",
                        "22 lines[0].repeats must be a whole number, not \"lots\" | repeats: 2",
                        "23 limits.call is no key; did you mean \"calls\"?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongConfigurations")
    void whatIsWrongIsToldWithItsLineAndWhatWouldBeRight(
            String name, Function<String, String> change, List<String> expected)
            throws IOException {
        String changed = change.apply(SMALLEST);
        assertThat(changed).isNotEqualTo(SMALLEST);

        List<Problem> problems = problems(changed);

        assertThat(problems)
                .extracting(GatewayConfigTest::brief)
                .map(text -> text.replace(home.toString(), "HOME"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(problems).isSortedAccordingTo((a, b) -> Integer.compare(a.line(), b.line()));
    }

    @Test
    void theMessageNamesTheFileTheLineTheKeyAndARightValue() throws Exception {
        Path file = write(SMALLEST + "limits: {calls: many}\n");
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));

        assertThat(wrong)
                .hasMessage(
                        """
                        FILE:22: limits.calls must be a whole number, not "many"
                            right: calls: 400
                        The configuration has one mistake; nothing was started.\
                        """
                                .replace("FILE", file.toString()));
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsTold() throws IOException {
        assertThat(problemsOf(home.resolve("no.yaml")))
                .extracting(Problem::wrong)
                .containsExactly("there is no such file");
        Path latin =
                Files.write(
                        home.resolve("latin.yaml"),
                        "# Größe\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problemsOf(latin))
                .extracting(Problem::wrong)
                .containsExactly("the file is not UTF-8");
        Path large = Files.writeString(home.resolve("large.yaml"), "#".repeat(1 << 20) + "\n");
        assertThat(problemsOf(large))
                .extracting(Problem::wrong)
                .containsExactly("the file is larger than 1 MiB");
    }

    @Test
    void anEmptyFileMissesWhatHasNoDefault() throws IOException {
        assertThat(problems("# nothing yet\n"))
                .extracting(Problem::key)
                .containsExactly("trunks", "levels", "lines");
    }

    private static Arguments wrong(
            String name, Function<String, String> change, String... expected) {
        return Arguments.of(name, change, Arrays.asList(expected));
    }

    private static String brief(Problem problem) {
        String key = problem.key().isEmpty() ? "" : problem.key() + " ";
        String right =
                problem.right().isEmpty() || problem.right().endsWith("…")
                        ? ""
                        : " | " + problem.right();
        return String.format(Locale.ROOT, "%d %s%s%s", problem.line(), key, problem.wrong(), right);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(home.resolve("gateway.yaml"), yaml);
    }

    private GatewayConfig load(String yaml) throws Exception {
        return GatewayConfig.load(write(yaml), home);
    }

    private List<Problem> problems(String yaml) throws IOException {
        return problemsOf(write(yaml));
    }

    private List<Problem> problemsOf(Path file) {
        WrongConfiguration wrong =
                catchThrowableOfType(
                        WrongConfiguration.class, () -> GatewayConfig.load(file, home));
        return wrong == null ? List.of() : wrong.problems();
    }
}
