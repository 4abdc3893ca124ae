package org.consentgateway.notice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Notices;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.G711;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.words.Languages;

/**
 * Immutable. All notices of {@code config/notices}, checked, with the sound of every part.
 *
 * <pre>
 * config/notices/common/LANG.yaml               what all notices of a language share
 * config/notices/profiles/NAME.yaml             what the law of a country asks them to say
 * config/notices/LINEAGE/LANG/VERSION.yaml      one notice
 * config/notices/LINEAGE/LANG/VERSION.b.yaml    a variant of it
 * </pre>
 */
public final class NoticeLibrary implements Notices {
    private static final String COMMON = "common";
    private static final String PROFILES = "profiles";

    /** By when versions count, and not by how they are called: 2026-9 is before 2026-10. */
    private static final Comparator<Notice> NEWEST_LAST =
            Comparator.comparing(Notice::validFrom).thenComparing(Notice::version);

    /** Lineage, then language, to all notices, the newest version last. */
    private final Map<String, Map<String, List<Notice>>> byLineage;

    private final Map<Name, Sound> sounds;
    private final List<NoticeProblem> cautions;

    private record Name(String lineage, String version, String language, String variant) {
        static Name of(Notice n) {
            return new Name(n.id(), n.version(), n.language(), n.variant());
        }
    }

    private record Sound(NoticeDraft draft, LegalProfile law, Map<String, AudioClip> clips) {}

    private NoticeLibrary(
            Map<String, Map<String, List<Notice>>> byLineage,
            Map<Name, Sound> sounds,
            List<NoticeProblem> cautions) {
        this.byLineage = byLineage;
        this.sounds = sounds;
        this.cautions = cautions;
    }

    /** What is not wrong with the texts, but should be known. */
    public List<NoticeProblem> cautions() {
        return cautions;
    }

    /**
     * Reads and checks everything; renders what is not recorded, where the library may.
     *
     * @throws BadNoticesException with all problems at once
     */
    public static NoticeLibrary load(TextSources sources, PromptLibrary prompts)
            throws BadNoticesException {
        var findings = NoticeFindings.none();
        Map<String, LegalProfile> profiles = profiles(sources.notices(), findings.errors());
        List<NoticeDraft> drafts = checked(sources, profiles, prompts, findings);
        if (!findings.errors().isEmpty()) {
            throw new BadNoticesException(List.copyOf(new LinkedHashSet<>(findings.errors())));
        }
        return of(drafts, profiles, prompts, List.copyOf(new LinkedHashSet<>(findings.cautions())));
    }

    static List<NoticeDraft> checked(
            TextSources sources,
            Map<String, LegalProfile> profiles,
            PromptLibrary prompts,
            NoticeFindings findings) {
        Path folder = sources.notices();
        Map<String, Common> rules = common(folder, sources.voice().languages(), findings.errors());
        List<NoticeDraft> drafts =
                drafts(folder, rules, findings.errors()).stream()
                        .map(draft -> SecondLayer.completed(draft, sources.use()))
                        .toList();
        for (NoticeDraft draft : drafts) {
            new NoticeCheck(draft, findings).all(prompts, profiles, sources.use());
        }
        together(drafts, findings.errors());
        named(drafts, findings);
        sources.use().lines().forEach(each -> each.check(drafts, findings));
        sources.use().compared().forEach(each -> each.check(folder, drafts, findings.errors()));
        if (drafts.isEmpty() && findings.errors().isEmpty()) {
            findings.wrong(new Spot(folder, 1, ""), "holds no notice", "demo/de/2026-11.yaml");
        }
        return drafts;
    }

    private static NoticeLibrary of(
            List<NoticeDraft> drafts,
            Map<String, LegalProfile> profiles,
            PromptLibrary prompts,
            List<NoticeProblem> cautions) {
        var byLineage = new TreeMap<String, Map<String, List<Notice>>>();
        var all = new HashMap<Name, Sound>();
        for (NoticeDraft draft : drafts) {
            var texts = new TreeMap<String, String>();
            var sounds = new TreeMap<String, AudioClip>();
            draft.parts()
                    .forEach((part, text) -> {
                        texts.put(part, text.value());
                        sounds.put(part, prompts.clip(draft.language(), text.value()));
                    });
            LegalProfile law = profileOf(draft, profiles);
            Notice notice = notice(draft, law, texts, sounds);
            byLineage
                    .computeIfAbsent(draft.lineage(), l -> new TreeMap<>())
                    .computeIfAbsent(draft.language(), l -> new ArrayList<>())
                    .add(notice);
            all.put(Name.of(notice), new Sound(draft, law, Map.copyOf(sounds)));
        }
        byLineage
                .values()
                .forEach(languages ->
                        languages
                                .values()
                                .forEach(list ->
                                        list.sort(NEWEST_LAST.thenComparing(Notice::variant))));
        return new NoticeLibrary(byLineage, all, cautions);
    }

    private static LegalProfile profileOf(NoticeDraft draft, Map<String, LegalProfile> profiles) {
        return Objects.requireNonNull(profiles.get(draft.profile().value()), "was checked");
    }

    private static Notice notice(
            NoticeDraft draft,
            LegalProfile profile,
            Map<String, String> texts,
            Map<String, AudioClip> sounds) {
        MessageDigest text = sha256();
        MessageDigest audio = sha256();
        texts.forEach((part, words) ->
                text.update((part + "=" + words + "\n").getBytes(StandardCharsets.UTF_8)));
        sounds.values().forEach(clip -> audio.update(clip.octets(G711.PCMA)));
        return new Notice(
                draft.lineage(),
                draft.version(),
                draft.language(),
                draft.variant(),
                draft.weight(),
                draft.validFrom(),
                draft.materialChange(),
                draft.controller(),
                profile.answerWithin(),
                words(draft),
                Map.copyOf(texts),
                HexFormat.of().formatHex(text.digest()),
                HexFormat.of().formatHex(audio.digest()));
    }

    private static Map<String, String> words(NoticeDraft draft) {
        var words = new TreeMap<String, String>();
        draft.purposes().forEach((purpose, text) -> words.put(purpose, text.value()));
        return Map.copyOf(words);
    }

    /** In order of their paths. Problems are added to the list. */
    static List<NoticeDraft> drafts(
            Path folder, Map<String, Common> commons, List<NoticeProblem> errors) {
        var drafts = new ArrayList<NoticeDraft>();
        for (Path lineage : children(folder, errors)) {
            String id = lineage.getFileName().toString();
            if (id.equals(COMMON) || id.equals(PROFILES) || !Files.isDirectory(lineage)) {
                continue;
            }
            for (Path language : children(lineage, errors)) {
                Common common = commons.get(language.getFileName().toString());
                if (common == null) {
                    errors.add(
                            new NoticeProblem(
                                    new Spot(language, 1, ""),
                                    "there is no file common to this language",
                                    folder.resolve(COMMON)
                                            .resolve(language.getFileName() + ".yaml")
                                            .toString()));
                    continue;
                }
                for (Path file : children(language, errors)) {
                    if (file.toString().endsWith(".yaml")) {
                        NoticeDraft.read(file, id, common, errors).ifPresent(drafts::add);
                    }
                }
            }
        }
        return drafts;
    }

    static Map<String, Common> common(
            Path folder, Languages languages, List<NoticeProblem> errors) {
        var commons = new TreeMap<String, Common>();
        for (Path file : children(folder.resolve(COMMON), errors)) {
            if (file.toString().endsWith(".yaml")) {
                Common.read(file, languages, errors)
                        .ifPresent(common -> {
                            String code = common.language().code();
                            commons.put(code, common);
                            if (!file.getFileName().toString().equals(code + ".yaml")) {
                                errors.add(
                                        new NoticeProblem(
                                                new Spot(file, 1, "language"),
                                                "language and name of the file differ",
                                                code + ".yaml"));
                            }
                        });
            }
        }
        return commons;
    }

    static Map<String, LegalProfile> profiles(Path folder, List<NoticeProblem> errors) {
        var profiles = new TreeMap<String, LegalProfile>();
        for (Path file : children(folder.resolve(PROFILES), errors)) {
            if (file.toString().endsWith(".yaml")) {
                LegalProfile.read(file, errors).ifPresent(p -> profiles.put(p.name(), p));
            }
        }
        return profiles;
    }

    private static List<Path> children(Path folder, List<NoticeProblem> errors) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        } catch (IOException e) {
            errors.add(
                    new NoticeProblem(
                            new Spot(folder, 1, ""),
                            "cannot be read: " + e.getClass().getSimpleName(),
                            "a folder"));
            return List.of();
        }
    }

    /** What only shows when the notices of a lineage are seen side by side. */
    private static void together(List<NoticeDraft> drafts, List<NoticeProblem> errors) {
        var names = new HashMap<String, NoticeDraft>();
        var versions = new HashMap<String, NoticeDraft>();
        for (NoticeDraft draft : drafts) {
            String version = draft.lineage() + "/" + draft.version();
            String name = version + "/" + draft.language() + "/" + draft.variant();
            NoticeDraft twin = names.putIfAbsent(name, draft);
            if (twin != null) {
                errors.add(
                        new NoticeProblem(
                                new Spot(draft.file(), 1, "variant"),
                                "the same version and variant as " + twin.file(),
                                "variant: b"));
            }
            boolean heard =
                    drafts.stream().anyMatch(each -> isBeside(each, draft) && each.weight() > 0);
            if (twin == null && !heard) {
                errors.add(
                        new NoticeProblem(
                                draft.spotOf("weight"),
                                "no variant would be spoken where no experiment runs",
                                "weight: 1"));
            }
            NoticeDraft other = versions.putIfAbsent(version, draft);
            if (other != null
                    && (!other.scope().equals(draft.scope())
                            || other.materialChange() != draft.materialChange()
                            || !other.validFrom().equals(draft.validFrom()))) {
                errors.add(
                        new NoticeProblem(
                                new Spot(draft.file(), 1, "version"),
                                "purposes, levels, dialogs, valid-from and material-change must"
                                        + " be the same in "
                                        + other.file(),
                                "a version of its own"));
            }
        }
    }

    /** A name that belies when its version counts misleads whoever reads it in a record. */
    private static void named(List<NoticeDraft> drafts, NoticeFindings findings) {
        for (NoticeDraft draft : drafts) {
            drafts.stream()
                    .filter(each -> each.lineage().equals(draft.lineage()))
                    .filter(each -> each.validFrom().isBefore(draft.validFrom()))
                    .map(NoticeDraft::version)
                    .filter(earlier -> earlier.compareTo(draft.version()) > 0)
                    .findFirst()
                    .ifPresent(earlier ->
                            findings.caution(
                                    draft.spotOf("version"),
                                    "sorts before "
                                            + earlier
                                            + ", which is valid earlier: valid-from decides"
                                            + " which is newer",
                                    "2026-09 before 2026-10, not 2026-9"));
        }
    }

    private static boolean isBeside(NoticeDraft one, NoticeDraft other) {
        return one.lineage().equals(other.lineage())
                && one.version().equals(other.version())
                && one.language().equals(other.language());
    }

    /** All variants of the version in force on that day; empty where there is none. */
    @Override
    public List<Notice> inForce(String lineage, String language, LocalDate day) {
        List<Notice> begun =
                all(lineage, language).stream().filter(n -> !n.validFrom().isAfter(day)).toList();
        Optional<Notice> newest = begun.stream().max(NEWEST_LAST);
        return begun.stream()
                .filter(n -> n.version().equals(newest.orElseThrow().version()))
                .toList();
    }

    /** In the order in which they come into force. */
    @Override
    public boolean materiallyChanged(String lineage, String since, String until) {
        var versions = new HashMap<String, Notice>();
        byLineage.getOrDefault(lineage, Map.of()).values().stream()
                .flatMap(List::stream)
                .forEach(notice -> versions.putIfAbsent(notice.version(), notice));
        Notice from = versions.get(since);
        Notice to = versions.get(until);
        if (from == null || to == null) {
            return true;
        }
        Notice older = Collections.min(List.of(from, to), NEWEST_LAST);
        Notice newer = Collections.max(List.of(from, to), NEWEST_LAST);
        return versions.values().stream()
                .filter(each -> NEWEST_LAST.compare(each, older) > 0)
                .filter(each -> NEWEST_LAST.compare(each, newer) <= 0)
                .anyMatch(Notice::materialChange);
    }

    /** The sound of one part. */
    public AudioClip clip(Notice notice, String part) {
        Sound sound = sounds.get(Name.of(notice));
        AudioClip clip = sound == null ? null : sound.clips().get(part);
        if (clip == null) {
            throw new NoSuchElementException(notice.id() + " has no part " + part);
        }
        return clip;
    }

    /** Level ids this notice has words for, the most data-sparing first. */
    public List<String> levels(Notice notice) {
        Sound sound = sounds.get(Name.of(notice));
        return sound == null ? List.of() : sound.draft().scope().levels();
    }

    /**
     * Something that is wrong with a notice.
     *
     * @param key of a part, or another key of its file
     */
    public NoticeProblem problem(Notice notice, String key, String what, String right) {
        NoticeDraft draft = draft(notice);
        NoticeText text = draft.parts().get(key);
        Spot spot = text == null ? new Spot(draft.file(), 1, key) : text.spot();
        return new NoticeProblem(spot, what, right);
    }

    /** As its file was when it was loaded. */
    NoticeDraft draft(Notice notice) {
        return Objects.requireNonNull(sounds.get(Name.of(notice))).draft();
    }

    /** That it was found to keep. */
    LegalProfile law(Notice notice) {
        return Objects.requireNonNull(sounds.get(Name.of(notice))).law();
    }

    public Set<String> lineages() {
        return byLineage.keySet();
    }

    public Set<String> languages(String lineage) {
        return new TreeSet<>(byLineage.getOrDefault(lineage, Map.of()).keySet());
    }

    /** Every version and variant, the newest last. */
    public List<Notice> all(String lineage, String language) {
        return List.copyOf(
                byLineage.getOrDefault(lineage, Map.of()).getOrDefault(language, List.of()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
