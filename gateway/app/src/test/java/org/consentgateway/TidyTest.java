package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.ProductClasses.CLASSES;
import static org.consentgateway.ProductClasses.PROJECT;
import static org.consentgateway.ProductClasses.SOURCES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What grows unseen: long methods, full packages, names that exist twice, what nobody uses, pages
 * that name what is gone. Excesses that are still there stand in {@code tidy.txt}, exactly: a new
 * one fails, and so does one that is listed and gone.
 */
class TidyTest {
    private static final int METHOD_LINES = 70;
    private static final int PARAMETERS = 6;
    private static final int PACKAGE_FILES = 25;

    private static final Path LIST = Path.of("gateway/app/src/test/resources/tidy.txt");

    /** Not ours, and named in our pages all the same. */
    private static final Set<String> FOREIGN =
            Set.of(
                    "ContactPointTypeConsent",
                    "DatagramPacket",
                    "IoHandle",
                    "LongAdder",
                    "Model",
                    "Recognizer",
                    "Server");

    /** A type that is named like another on purpose. */
    private static final Map<String, String> NAMED_ALIKE =
            Map.of(
                    "GatewayConfig",
                    "the sections of the schema, named as their keys; always written with it",
                    "TlsConfig",
                    "a section of the schema, as well");

    /** Records of plain settings: each has a constructor with as many parameters as settings. */
    private static final Set<String> PLAIN_SETTINGS =
            Set.of("LedgerSettings", "Line", "SipSettings", "Trunk");

    /** What no line of the product calls, for a reason. */
    private static final Map<String, String> UNUSED_BUT_KEPT =
            Map.ofEntries(
                    Map.entry("BadNoticesException.problems", "what its message holds, one by one"),
                    Map.entry("WrongConfiguration.problems", "what its message holds, one by one"),
                    Map.entry(
                            "ExitCode.WRONG_USAGE",
                            "the command line library ends with it by itself"),
                    Map.entry("Gateway.active", "tests await the end of calls by it"),
                    Map.entry("PromptLibrary.adopt", "tests record a single text by it"),
                    Map.entry("ConsentLedgerVerify", "the auditor's jar starts with it"),
                    Map.entry(
                            "Ledger.checkpoint",
                            "tests have a checkpoint signed at once, not when its time has come"),
                    Map.entry(
                            "Introduction.parameters",
                            "for assistants that are reached by a socket"),
                    Map.entry(
                            "Gateway.webPort",
                            "tests let the system choose the port and ask for it"),
                    Map.entry(
                            "Gateway.apiPort",
                            "tests let the system choose the port and ask for it"),
                    Map.entry(
                            "Gateway.consolePort",
                            "tests let the system choose the port and ask for it"),
                    Map.entry("Ledger.erase", "tests erase all that there is by the shorter one"));

    /** Dependencies that no module names. */
    private static final Map<String, String> MANAGED_BUT_UNNAMED =
            Map.of(
                    "jna", "vosk asks for a version out of maintenance",
                    "kotlin-stdlib", "so does jitsi-utils");

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void methodsAreShort() {
        expectOnlyListed(
                "method of more than 70 lines",
                "Give a part of it a name of its own.",
                methods(method -> method.lines() > METHOD_LINES));
    }

    @Test
    void parametersAreFew() {
        expectOnlyListed(
                "more than 6 parameters",
                "Those that always travel together are a record with a name.",
                methods(method -> method.parameters() > PARAMETERS)
                        .filter(name -> !PLAIN_SETTINGS.contains(name.replace("new ", ""))));
    }

    private static Stream<String> methods(Predicate<Sources.Method> which) {
        return SOURCES.productTypes()
                .flatMap(type ->
                        type.methods().stream()
                                .filter(which)
                                .map(method ->
                                        method.name().equals("<init>")
                                                ? "new " + type.name()
                                                : type.name() + "." + method.name()));
    }

    @Test
    void packagesAreSmall() {
        Map<String, Long> files =
                SOURCES.productFiles()
                        .filter(file -> !file.endsWith("package-info.java"))
                        .collect(Collectors.groupingBy(TidyTest::packageOf, Collectors.counting()));

        expectOnlyListed(
                "package of more than 25 files",
                "It holds two ideas: give each a package.",
                files.entrySet().stream()
                        .filter(each -> each.getValue() > PACKAGE_FILES)
                        .map(Map.Entry::getKey));
    }

    private static String packageOf(Path file) {
        String path = file.resolveSibling("").toString().replace('/', '.');
        return path.substring(path.indexOf(ProductClasses.ROOT));
    }

    /** Two that are both nested are told apart by what they are nested in. */
    @Test
    void oneNameIsOneClass() {
        var named = new TreeMap<String, List<Sources.Type>>();
        SOURCES.productTypes()
                .filter(type ->
                        !NAMED_ALIKE.containsKey(type.name().replaceAll("\\..*", ""))
                                || !type.name().contains("."))
                .forEach(type ->
                        named.computeIfAbsent(type.simpleName(), _ -> new ArrayList<>()).add(type));

        expectOnlyListed(
                "name of two classes",
                "Tell them apart, or list the reason in NAMED_ALIKE.",
                named.entrySet().stream()
                        .filter(each -> each.getValue().size() > 1)
                        .filter(each ->
                                each.getValue().stream()
                                        .anyMatch(type -> type.name().equals(each.getKey())))
                        .map(Map.Entry::getKey));
    }

    @Test
    void nothingIsUnused() {
        var words = new HashMap<String, Integer>();
        SOURCES.productFiles()
                .flatMap(file -> Stream.of(text(file).split("\\W+")))
                .forEach(word -> words.merge(word, 1, Integer::sum));
        Set<String> measuring =
                SOURCES.files().stream()
                        .filter(file -> file.startsWith(PROJECT.resolve("gateway/bench/src/main")))
                        .flatMap(file -> Stream.of(text(file).split("\\W+")))
                        .collect(Collectors.toSet());

        assertThat(CLASSES).isNotEmpty();
        expectOnlyListed(
                "unused",
                "Delete it, or list the reason in UNUSED_BUT_KEPT.",
                new UnusedMembers(CLASSES, word -> words.getOrDefault(word, 0))
                        .names()
                        .filter(name -> !UNUSED_BUT_KEPT.containsKey(name))
                        .filter(name -> !measuring.contains(name.replaceAll(".*\\.", ""))));
    }

    @Test
    void pagesNameWhatExists() {
        expectOnlyListed(
                "named in a page and gone",
                "Name what there is now; a class that is not ours belongs in FOREIGN.",
                pages().flatMap(page ->
                        gone(page).stream().map(name -> PROJECT.relativize(page) + ": " + name)));
    }

    private static Stream<Path> pages() {
        Stream<Path> markdown =
                walk(PROJECT)
                        .filter(file -> file.getFileName().toString().equals("README.md"))
                        .filter(file -> !file.toString().contains("/target/"));
        Stream<Path> packages =
                walk(PROJECT)
                        .filter(file -> file.getFileName().toString().equals("package-info.java"))
                        .filter(file -> file.toString().contains("/src/"));
        return Stream.concat(markdown, packages);
    }

    private static final Pattern QUOTED = Pattern.compile("`([^`\\n]+)`|\\{@code ([^}]+)}");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern MEMBER = Pattern.compile("\\b([A-Z][a-z]\\w*)\\.([a-z]\\w*)\\b");
    private static final Pattern TYPE =
            Pattern.compile("([A-Z][a-z]\\w*)(?:\\.(\\w+))?(?:\\(.*\\))?");
    private static final Pattern PATH =
            Pattern.compile("(?:gateway|media|speech|scripts|config)/(?!.*target/)[a-z][\\w./-]*");

    /** Such as {@code LANG} in {@code config/lexicon/LANG.yaml}. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\b[A-Z]+\\b");

    private static Set<String> gone(Path page) {
        String text = text(page);
        var gone = new TreeSet<String>();
        QUOTED.matcher(FENCED.matcher(text).replaceAll(""))
                .results()
                .map(quoted -> quoted.group(1) == null ? quoted.group(2) : quoted.group(1))
                .forEach(quoted -> {
                    var type = TYPE.matcher(quoted);
                    if (type.matches() && !isKnown(type.group(1), type.group(2))) {
                        gone.add(quoted);
                    }
                    if (PATH.matcher(quoted).matches()
                            && !PLACEHOLDER.matcher(quoted).find()
                            && !Files.exists(PROJECT.resolve(quoted))) {
                        gone.add(quoted);
                    }
                });
        FENCED.matcher(text)
                .results()
                .map(MatchResult::group)
                .flatMap(block -> MEMBER.matcher(block).results())
                .filter(member -> !isKnown(member.group(1), member.group(2)))
                .forEach(member -> gone.add(member.group()));
        return gone;
    }

    /** What the types of a name declare. */
    private static final Map<String, Set<String>> MEMBERS =
            SOURCES.types().stream()
                    .collect(
                            Collectors.groupingBy(
                                    Sources.Type::simpleName,
                                    Collectors.flatMapping(
                                            type -> type.members().stream(), Collectors.toSet())));

    private static boolean isKnown(String type, @Nullable String member) {
        Set<String> members = MEMBERS.get(type);
        return FOREIGN.contains(type)
                || (members != null && (member == null || members.contains(member)));
    }

    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
    private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+\\.version)>");

    @Test
    void everyManagedDependencyIsUsed() {
        String parent = text(PROJECT.resolve("pom.xml"));
        int end = parent.indexOf("</dependencyManagement>");
        String managed = parent.substring(parent.indexOf("<dependencyManagement>"), end);
        String used =
                parent.substring(end)
                        + walk(PROJECT)
                                .filter(file -> file.endsWith("pom.xml"))
                                .filter(file -> !file.equals(PROJECT.resolve("pom.xml")))
                                .map(TidyTest::text)
                                .collect(Collectors.joining());
        Stream<String> unused =
                ARTIFACT.matcher(managed.replaceAll("(?s)<exclusions>.*?</exclusions>", ""))
                        .results()
                        .map(artifact -> artifact.group(1))
                        .filter(artifact -> !artifact.endsWith("-bom"))
                        .filter(artifact -> !MANAGED_BUT_UNNAMED.containsKey(artifact))
                        .filter(artifact -> !used.contains("<artifactId>" + artifact + "</"));
        Stream<String> versions =
                PROPERTY.matcher(parent)
                        .results()
                        .map(property -> property.group(1))
                        .filter(name -> !(parent + used).contains("${" + name + "}"));

        expectOnlyListed(
                "managed in pom.xml and used by no module",
                "Delete it.",
                Stream.concat(unused, versions));
    }

    @Test
    void everyRecordingSpeaksATextOfANotice() {
        Path config = PROJECT.resolve("config");
        // Texts only: nothing is rendered, and no recording is read.
        PromptLibrary silent =
                PromptLibrary.open(
                        new VoiceSettings(
                                config.resolve("none"),
                                config.resolve("none"),
                                false,
                                ShippedLanguages.ALL));
        List<NoticeReport.Row> spoken =
                NoticeReport.of(
                                new TextSources(
                                        config.resolve("notices"),
                                        new VoiceSettings(
                                                config, config, false, ShippedLanguages.ALL),
                                        NoticeUse.none(LocalDate.EPOCH)),
                                silent)
                        .rows();
        var hashes = new HashMap<String, Set<String>>();
        spoken.forEach(row ->
                hashes.computeIfAbsent(row.language(), _ -> new HashSet<>())
                        .add(PromptLibrary.textSha256(row.text())));
        var unused = new ArrayList<String>();
        hashes.forEach((language, texts) -> {
            Path folder = config.resolve("prompts").resolve(language);
            var named = new HashSet<>(Set.of("manifest.tsv"));
            text(folder.resolve("manifest.tsv"))
                    .lines()
                    .skip(1)
                    .map(row -> row.split("\t", -1))
                    .filter(row -> texts.contains(row[0]))
                    .forEach(row -> named.add(row[1]));
            walk(folder)
                    .filter(Files::isRegularFile)
                    .filter(file -> !named.contains(file.getFileName().toString()))
                    .forEach(file -> unused.add(PROJECT.relativize(file).toString()));
        });

        assertThat(spoken).isNotEmpty();
        expectOnlyListed(
                "recording of no text", "Delete it, and its row in manifest.tsv.", unused.stream());
    }

    /** What {@code everyRecordingSpeaksATextOfANotice} does not look at. */
    @Test
    void everyFileOfTheConfigurationIsRead() {
        Path config = PROJECT.resolve("config");
        String shipped = text(config.resolve("gateway.yaml"));
        Stream<String> notices =
                children(config.resolve("notices"))
                        .filter(name ->
                                !Set.of("common", "profiles").contains(name)
                                        && !shipped.contains("notice: " + name))
                        .map(name -> "config/notices/" + name);
        Set<String> languages =
                children(config.resolve("notices/demo")).collect(Collectors.toSet());
        Stream<String> texts =
                Stream.of("lexicon", "notices/common")
                        .flatMap(folder ->
                                children(config.resolve(folder))
                                        .filter(name ->
                                                !languages.contains(name.replace(".yaml", "")))
                                        .map(name -> "config/" + folder + "/" + name));
        String held =
                walk(config.resolve("notices"))
                        .filter(Files::isRegularFile)
                        .map(TidyTest::text)
                        .collect(Collectors.joining());
        Stream<String> profiles =
                children(config.resolve("notices/profiles"))
                        .filter(name -> !held.contains("profile: " + name.replace(".yaml", "")))
                        .map(name -> "config/notices/profiles/" + name);
        Stream<String> prompts =
                children(config.resolve("prompts"))
                        .filter(name ->
                                !languages.contains(name)
                                        && !Set.of("demo", "NOTICE").contains(name))
                        .map(name -> "config/prompts/" + name);
        String code =
                Stream.concat(SOURCES.files().stream(), walk(PROJECT.resolve("scripts")))
                        .filter(Files::isRegularFile)
                        .map(TidyTest::text)
                        .collect(Collectors.joining());
        Stream<String> folders =
                children(config)
                        .filter(name -> !code.contains("config/" + name) && !shipped.contains(name))
                        .map(name -> "config/" + name);

        expectOnlyListed(
                "file of the configuration that nothing reads",
                "Delete it.",
                Stream.of(notices, texts, profiles, prompts, folders).flatMap(Function.identity()));
    }

    private static Stream<String> children(Path folder) {
        return read(
                () -> {
                    try (Stream<Path> list = Files.list(folder)) {
                        return list.map(each -> each.getFileName().toString()).toList();
                    }
                })
                .stream();
    }

    private static Stream<Path> walk(Path folder) {
        return read(
                () -> {
                    try (Stream<Path> walk = Files.walk(folder)) {
                        return walk.toList();
                    }
                })
                .stream();
    }

    private static String text(Path file) {
        return read(() -> Files.readString(file));
    }

    /** The list is exact, so that it can only become shorter. */
    private static void expectOnlyListed(String rule, String remedy, Stream<String> found) {
        String prefix = rule + ": ";
        Set<String> today =
                found.map(each -> prefix + each).collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed =
                text(PROJECT.resolve(LIST))
                        .lines()
                        .filter(line -> line.startsWith(prefix))
                        .collect(Collectors.toCollection(TreeSet::new));
        Stream<String> added = today.stream().filter(each -> !listed.contains(each));
        Stream<String> gone = listed.stream().filter(each -> !today.contains(each));

        assertThat(
                        Stream.concat(
                                added.map(each -> "new: " + each),
                                gone.map(each -> "gone: " + each)))
                .as("What is new: %s What is gone: delete its line in %s.", remedy, LIST)
                .isEmpty();
    }
}
