package org.consentgateway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.srtp.SrtpSuite;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.testkit.Npm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** The pages for those who operate it say what the program does, and lead to what there is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OperationPagesTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("project.root", "../..")).toAbsolutePath().normalize();
    private static final Path OPERATION = PROJECT.resolve("config/operation");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| ([^|]*) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @Test
    void everyLinkOfEveryPageLeadsToAPageOrAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : Pages.all()) {
            Matcher found = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("`x`"));
            while (found.find()) {
                String link = found.group(1);
                // Those that begin with a slash are the console's own pages, in its guides.
                if (!link.matches("[a-z+]+:.*|/.*")) {
                    links++;
                    if (!leadsSomewhere(page, link)) {
                        broken.add(PROJECT.relativize(page) + ": " + link);
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).as("links were found at all").isGreaterThan(150);
    }

    /** With Kamailio 6.0.1 a gateway that was taken out so got calls again at the next reload. */
    @Test
    void noPageTakesAGatewayOutInAWayThatTheNextReloadUndoes() throws IOException {
        Path before = PROJECT.resolve("config/kamailio/README.md");
        for (Path page : Pages.all()) {
            String text = Files.readString(page);
            if (page.equals(before)) {
                assertThat(text).contains("Not `dispatcher.set_state d`");
            } else if (page.startsWith(PROJECT.resolve("config"))) {
                assertThat(text).as("%s", page).doesNotContain("set_state");
            }
        }
        assertThat(Files.readString(before.resolveSibling("gateways.list")))
                .contains("flags 4: it rests");
    }

    /** Without it the first new node asks nobody, and so does each after it. */
    @Test
    void theOwnerOfTheTablesChangesThemOnceBeforeTheFirstNodeIsEmptied() throws IOException {
        String page = Files.readString(OPERATION.resolve("upgrade.md"));
        assertThat(section(page, "The tables' owner")).contains("ledger migrate", "roles.sql");
        assertThat(section(page, "One machine"))
                .containsSubsequence("#the-tables-owner", "apt-get install");
        assertThat(section(page, "Several nodes, no call refused"))
                .containsSubsequence("#the-tables-owner", "2. ");
        assertThat(Files.readString(OPERATION.resolveSibling("helm/README.md")))
                .containsSubsequence("upgrade.md#the-tables-owner", "before `helm upgrade`");
        for (String language : List.of("de", "en")) {
            String help =
                    Files.readString(
                            OPERATION.resolveSibling("console/help/" + language + "/operator.md"));
            assertThat(help).containsSubsequence("ledger migrate", "TERM");
        }
    }

    /** The package starts the new program, which changes the tables, before anybody is asked. */
    @Test
    void noUpgradeBeginsWithoutTheBackupThatItsWayBackNeeds() throws IOException {
        String page = Files.readString(OPERATION.resolve("upgrade.md"));
        assertThat(section(page, "One machine"))
                .containsSubsequence("ledger backup", "apt-get install");
        assertThat(section(page, "Several nodes, no call refused"))
                .containsSubsequence("1. Back up", "apt-get install");
        assertThat(section(page, "Back")).contains("ledger restore", "ledger resume");
    }

    private static String section(String page, String heading) {
        int begin = page.indexOf("\n## " + heading + "\n") + 1;
        assertThat(begin).as(heading).isPositive();
        int end = page.indexOf("\n## ", begin);
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0
                || (Files.isRegularFile(target)
                        && anchors(target).contains(link.substring(hash + 1)));
    }

    /** As GitHub and GitLab make them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading ->
                        heading.group(1)
                                .strip()
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void thereAreTwentyIncidents() throws IOException {
        String incidents = Files.readString(OPERATION.resolve("incidents.md"));
        assertThat(
                        incidents
                                .lines()
                                .filter(line -> line.matches("\\| .*\\|.*\\|.*\\|.*\\|"))
                                .count())
                .as("twenty cases, with the table's head")
                .isGreaterThanOrEqualTo(22);
    }

    /** The first cell of a row names it; what is quoted behind it is what it lists. */
    private static List<String> row(String name) throws IOException {
        String line =
                Files.readString(OPERATION.resolve("interop.md"))
                        .lines()
                        .filter(each -> each.startsWith("| " + name + " |"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no row " + name));
        return QUOTED.matcher(line.substring(name.length() + 3))
                .results()
                .map(each -> each.group(1))
                .toList();
    }

    @Test
    void theInteropSheetSaysWhatTheProgramDoes() throws IOException {
        assertThat(row("methods taken")).containsExactlyElementsOf(Methods.ALLOWED);
        assertThat(row("Supported")).startsWith(Writer.SUPPORTED.toArray(String[]::new));
        assertThat(row("codecs"))
                .startsWith(Codec.all().stream().map(Codec::name).toArray(String[]::new));
        assertThat(row("SRTP"))
                .containsExactlyElementsOf(Stream.of(SrtpSuite.values()).map(Enum::name).toList());
    }

    @Test
    void everyReasonForARefusalIsExplained() throws IOException {
        String sheet = Files.readString(OPERATION.resolve("interop.md"));
        String table =
                sheet.substring(sheet.indexOf("| reason |"), sheet.indexOf("## The other side"));
        Set<String> named =
                FIRST_CELL
                        .matcher(table)
                        .results()
                        .flatMap(cell -> QUOTED.matcher(cell.group(1)).results())
                        .map(each -> each.group(1))
                        .collect(Collectors.toSet());
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Rejection.values())
                                .map(why -> why.name().toLowerCase(Locale.ROOT))
                                .toList());
        assertThat(table).as("whose place was taken meanwhile").contains("`no-room`", "`limit`");
    }

    @Test
    void theModelOfCapacityHoldsAgainstWhatWasMeasuredAndThePageShowsIt() throws Exception {
        String script = PROJECT.resolve("scripts/capacity").toString();
        Npm.Result check = Npm.run(PROJECT, "python3", script, "--check");
        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(
                        Npm.run(
                                        PROJECT,
                                        "python3",
                                        script,
                                        "--check",
                                        "--set",
                                        "media_core_of_a_call=0.003")
                                .exitCode())
                .as("a wrong input is noticed")
                .isEqualTo(1);
        Npm.Result table = Npm.run(PROJECT, "python3", script);
        String page = Files.readString(OPERATION.resolve("capacity.md"));
        assertThat(page).contains(table.output().strip().split("\n\n", 2));
        assertThat(Files.readString(OPERATION.resolve("capacity.svg")).strip())
                .isEqualTo(Npm.run(PROJECT, "python3", script, "--svg").output().strip());
        assertThat(Npm.run(PROJECT, "python3", script, "--set", "calls=1").output())
                .contains("There is no input calls; there are:");
    }

    /** Whoever measures anew changes the page that quotes it as well. */
    @ParameterizedTest
    @CsvSource({
        "media/README.md, '2,000'",
        "config/operation/capacity.md, '2,000'",
        "config/operation/capacity.md, 17.2",
        "media/README.md, 0.56"
    })
    void aFigureThatStandsInOneOfTwoTablesAloneIsNoticed(
            String changed, String figure, @TempDir Path copy) throws Exception {
        for (String each :
                List.of(
                        "scripts/capacity",
                        "config/operation/capacity.json",
                        "config/operation/capacity.md",
                        "media/README.md")) {
            Path to = copy.resolve(each);
            Files.createDirectories(to.getParent());
            Files.copy(PROJECT.resolve(each), to);
        }
        String script = copy.resolve("scripts/capacity").toString();
        assertThat(Npm.run(copy, "python3", script, "--check").exitCode()).isZero();
        Path page = copy.resolve(changed);
        Files.writeString(page, Files.readString(page).replace(figure, "1,234"));
        assertThat(Npm.run(copy, "python3", script, "--check").exitCode()).isEqualTo(1);
    }

    /** What the other side is told to load has to be loadable, as far as its program is here. */
    @Test
    void theOtherSidesFilesCanBeRead() throws Exception {
        Document freeswitch =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(OPERATION.resolve("peers/freeswitch.xml").toFile());
        assertThat(freeswitch.getElementsByTagName("gateway").getLength()).isEqualTo(1);
        assumeThat(Path.of("/usr/sbin/kamailio"))
                .as("Kamailio is Debian's, and no test brings it along")
                .exists();
        Npm.Result kamailio =
                Npm.run(
                        PROJECT,
                        "kamailio",
                        "-c",
                        "-f",
                        OPERATION.resolve("peers/kamailio.cfg").toString());
        assertThat(kamailio.exitCode()).as(kamailio.output()).isZero();
    }
}
