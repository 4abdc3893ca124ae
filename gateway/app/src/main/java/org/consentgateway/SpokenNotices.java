package org.consentgateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeConflict;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.media.codec.G711;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.RecordSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The notices that callers hear, as they are archived; and the rule that a version
 * that was spoken is never spoken with another text.
 */
final class SpokenNotices {
    private static final Logger LOG = LoggerFactory.getLogger(SpokenNotices.class);

    /** Terms that stand elsewhere than in the file of the notice. */
    private static final Map<String, String> TERMS =
            Map.of("recipients", "processing.recipients of the configuration were ");

    /** The newest first; those before as long as a call speaks them. */
    private volatile List<Spoken> spoken;

    /** What was compared last with what was spoken before. */
    private volatile Set<HeardToday> compared = Set.of();

    /** Those of them that had been spoken otherwise. */
    private volatile Set<NoticeKey> changed = Set.of();

    SpokenNotices(GatewayConfig config, NoticesReading texts) {
        spoken = List.of(new Spoken(config, () -> library(texts)));
    }

    /**
     * Immutable. What is spoken by one reading.
     *
     * @param library null where no call speaks it any more
     */
    private record Spoken(GatewayConfig config, Supplier<@Nullable NoticeLibrary> library) {
        Stream<ArchivedNotice> of(NoticeRef named) {
            NoticeLibrary texts = library.get();
            return texts == null
                    ? Stream.empty()
                    : texts.all(named.id(), named.language()).stream()
                            .filter(notice ->
                                    notice.version().equals(named.version())
                                            && notice.variant().equals(named.variant()))
                            .map(notice -> archived(config, texts, notice));
        }
    }

    /** As it is heard by the caller of whom the record is; empty where it is not loaded. */
    Optional<ArchivedNotice> of(NoticeRef named) {
        List<ArchivedNotice> found = spoken.stream().flatMap(each -> each.of(named)).toList();
        return found.stream()
                .filter(notice -> notice.words().sha256().equals(named.textSha256()))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** Spoken from now on, and what was before by calls that go on. */
    synchronized void use(ConfigReading next) {
        List<Spoken> all = new ArrayList<>();
        all.add(new Spoken(next.config(), next::notices));
        for (Spoken before : spoken) {
            NoticeLibrary library = before.library().get();
            if (library != null) {
                // Calls under way hold it, and nobody else: with the last of them it goes.
                all.add(new Spoken(before.config(), new WeakReference<>(library)::get));
            }
        }
        spoken = List.copyOf(all);
    }

    private static NoticeLibrary library(NoticesReading texts) {
        try {
            return texts.get();
        } catch (BadNoticesException e) {
            throw new IllegalStateException("nothing is spoken with wrong texts", e);
        }
    }

    private static ArchivedNotice archived(
            GatewayConfig config, NoticeLibrary library, Notice notice) {
        var sounds = new TreeMap<String, byte[]>();
        notice.texts()
                .keySet()
                .forEach(part -> sounds.put(part, library.clip(notice, part).octets(G711.PCMA)));
        var archived =
                new ArchivedNotice(
                        key(notice),
                        new NoticeWords(new TreeMap<>(notice.texts())),
                        sounds,
                        terms(config, notice));
        if (!archived.words().sha256().equals(notice.textSha256())
                || !archived.audioSha256().equals(notice.audioSha256())) {
            throw new IllegalStateException("not what its hashes say: " + archived);
        }
        return archived;
    }

    private static NoticeKey key(Notice notice) {
        return new NoticeKey(notice.id(), notice.version(), notice.language(), notice.variant());
    }

    /** What no wording can hide a change of: it is material, whatever the files say. */
    private static ObjectNode terms(GatewayConfig config, Notice notice) {
        ObjectNode terms = JsonNodeFactory.instance.objectNode();
        terms.put("controller", notice.controller().name());
        terms.put("country", notice.controller().country());
        ObjectNode words = terms.putObject("purposes");
        notice.purposes().forEach(words::put);
        List<String> purposes =
                config.levels().stream()
                        .flatMap(level -> level.purposes().stream())
                        .distinct()
                        .toList();
        terms.set("recipients", new RecordSettings(config).processing().recipientsOf(purposes));
        return terms;
    }

    /** Immutable. A notice as callers hear it today, and on which terms. */
    private record HeardToday(NoticeKey key, String text, String audio, ObjectNode terms) {}

    private static Set<HeardToday> heard(ConfigReading reading, InstantSource clock) {
        return inForce(reading, clock).values().stream()
                .map(notice ->
                        new HeardToday(
                                key(notice),
                                notice.textSha256(),
                                notice.audioSha256(),
                                terms(reading.config(), notice)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether calls hear today by one reading nothing that they do not hear by another. */
    static boolean isHeardBy(ConfigReading next, ConfigReading running, InstantSource clock) {
        return heard(running, clock).containsAll(heard(next, clock));
    }

    /** Of how many texts no consent is recorded, since they were spoken otherwise before. */
    int changed() {
        return changed.size();
    }

    /** In words for operators; empty where there is none. */
    Optional<String> changedInWords() {
        return changed.stream()
                .map(key ->
                        "%s %s %s %s"
                                .formatted(
                                        key.lineage(), key.language(), key.version(), key.variant())
                                .strip())
                .sorted()
                .reduce((one, other) -> one + ", " + other)
                .map(names ->
                        "no consent is recorded to what was spoken otherwise before: "
                                + names
                                + "; the log says in what it differs");
    }

    /**
     * Archives what calls hear by now, unless that was done: the store was not there at the start,
     * or a day has begun on which others are in force.
     *
     * @throws LedgerUnavailable where it still is not there
     */
    void look(ConfigReading running, Proof proof, InstantSource clock) throws LedgerUnavailable {
        Set<HeardToday> now = heard(running, clock);
        if (now.equals(compared)) {
            return;
        }
        List<NoticeConflict> conflicts = keep(running, proof, clock);
        if (!conflicts.isEmpty()) {
            LOG.error(
                    "texts were spoken otherwise before, and no consent to them is recorded:{}{}",
                    System.lineSeparator(),
                    wrong(running, conflicts, clock).getMessage());
        }
        changed =
                conflicts.stream()
                        .map(conflict -> conflict.there().key())
                        .collect(Collectors.toUnmodifiableSet());
        compared = now;
    }

    private static Map<NoticeKey, Notice> inForce(ConfigReading reading, InstantSource clock) {
        NoticeLibrary library = reading.notices();
        Map<NoticeKey, Notice> inForce = new LinkedHashMap<>();
        for (LineConfig line : reading.config().lines()) {
            LocalDate day = LocalDate.ofInstant(clock.instant(), line.zone());
            line.languages().stream()
                    .flatMap(language -> library.inForce(line.notice(), language, day).stream())
                    .forEach(notice -> inForce.put(key(notice), notice));
        }
        return inForce;
    }

    /**
     * The same at a start, which waits for no store: it is done when that is there.
     *
     * @throws BadNoticesException as {@link #archive}
     */
    void archiveFirst(ConfigReading first, Proof proof, InstantSource clock)
            throws BadNoticesException {
        try {
            archive(first, proof, clock);
        } catch (LedgerUnavailable e) {
            LOG.warn("The texts are archived when the store is there: {}", e.getMessage());
        }
    }

    /**
     * Archives what calls hear from today on by a reading.
     *
     * @throws BadNoticesException where one of them was spoken with another text, another sound or
     *     for another controller
     * @throws LedgerUnavailable where nobody can tell, and nothing was archived
     */
    void archive(ConfigReading reading, Proof proof, InstantSource clock)
            throws BadNoticesException, LedgerUnavailable {
        List<NoticeConflict> conflicts = keep(reading, proof, clock);
        if (!conflicts.isEmpty()) {
            throw wrong(reading, conflicts, clock);
        }
        changed = Set.of();
        compared = heard(reading, clock);
    }

    /**
     * What {@link #archive} would refuse, asked without writing anything.
     *
     * @throws IOException where the store cannot be asked
     */
    static List<NoticeProblem> conflicts(ConfigReading reading, InstantSource clock)
            throws IOException {
        List<ArchivedNotice> today = today(reading, clock);
        return problems(
                reading, LedgerArchive.conflicts(reading.settings().ledger(), today), clock);
    }

    /** Those that were spoken otherwise. */
    private static List<NoticeConflict> keep(
            ConfigReading reading, Proof proof, InstantSource clock) throws LedgerUnavailable {
        return proof.archiving().keep(today(reading, clock));
    }

    private static List<ArchivedNotice> today(ConfigReading reading, InstantSource clock) {
        return inForce(reading, clock).values().stream()
                .map(notice -> archived(reading.config(), reading.notices(), notice))
                .toList();
    }

    private static BadNoticesException wrong(
            ConfigReading reading, List<NoticeConflict> conflicts, InstantSource clock) {
        return new BadNoticesException(problems(reading, conflicts, clock));
    }

    private static List<NoticeProblem> problems(
            ConfigReading reading, List<NoticeConflict> conflicts, InstantSource clock) {
        Map<NoticeKey, Notice> inForce = inForce(reading, clock);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var problems = new ArrayList<NoticeProblem>();
        for (NoticeConflict conflict : conflicts) {
            Notice notice = inForce.get(conflict.there().key());
            if (notice != null) {
                problems.addAll(problems(reading.notices(), notice, conflict, today));
            }
        }
        return problems;
    }

    private static List<NoticeProblem> problems(
            NoticeLibrary library, Notice notice, NoticeConflict conflict, LocalDate today) {
        String known =
                "version "
                        + notice.version()
                        + " was spoken since "
                        + conflict.there().since()
                        + " ";
        String right =
                "what it was, or a new version: scripts/gateway notices new-version "
                        + notice.id()
                        + " "
                        + next(notice.version(), today)
                        + " --valid-from "
                        + today;
        var problems = new ArrayList<NoticeProblem>();
        conflict.words()
                .forEach(part ->
                        problems.add(
                                library.problem(
                                        notice, part, known + before(conflict, part), right)));
        conflict.sounds()
                .forEach(part ->
                        problems.add(
                                library.problem(
                                        notice, part, known + "with another recording", right)));
        conflict.terms()
                .forEach(term ->
                        problems.add(
                                library.problem(
                                        notice,
                                        term,
                                        known
                                                + "when "
                                                + TERMS.getOrDefault(term, "this was ")
                                                + conflict.there().terms().get(term),
                                        right)));
        return problems;
    }

    private static String before(NoticeConflict conflict, String part) {
        String words = conflict.before().parts().get(part);
        return words == null ? "without this part" : "with other words: \"" + words + "\"";
    }

    /** Sorts after the one there is. */
    private static String next(String version, LocalDate today) {
        return version.compareTo(today.toString()) < 0 ? today.toString() : version + "-b";
    }
}
