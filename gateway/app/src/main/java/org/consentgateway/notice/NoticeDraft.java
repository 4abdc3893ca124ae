package org.consentgateway.notice;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.config.Spelling;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.speech.words.Readability;
import org.consentgateway.speech.words.SpokenText;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. One notice file as it was read, joined with what is common to its language, before it
 * was checked.
 *
 * @param web where the information can be read; empty: nowhere
 * @param purposes the words each is asked for in
 * @param remember null where no consent to it outlasts the call
 * @param article9 words of an explicit consent to biometrics; null where there are none
 * @param profile the law it is held to, by name
 * @param review after which day somebody has to read it again
 * @param spots where its keys stand
 */
record NoticeDraft(
        Path file,
        String lineage,
        Common common,
        String version,
        LocalDate validFrom,
        boolean materialChange,
        String variant,
        int weight,
        RequiredParts.Scope scope,
        Notice.Controller controller,
        String web,
        Map<String, NoticeText> purposes,
        @Nullable Remember remember,
        @Nullable NoticeText article9,
        NoticeText profile,
        LocalDate review,
        SignOff signOff,
        Map<String, NoticeText> parts,
        Map<String, Spot> spots) {

    private static final List<String> DIALOGS = List.of("ladder", "menu");

    /**
     * Immutable. How long a consent may hold.
     *
     * @param levels that may
     * @param duration as the levels of the configuration write it, such as P12M
     * @param words that say so
     */
    record Remember(List<String> levels, String duration, String words) {}

    /** Immutable. Who has read it last; empty texts in a new version. */
    record SignOff(String who, String when) {}

    static Optional<NoticeDraft> read(
            Path file, String lineage, Common common, List<NoticeProblem> problems) {
        return Form.read(file, problems).map(form -> draft(file, lineage, common, form, problems));
    }

    private static NoticeDraft draft(
            Path file, String lineage, Common common, Form form, List<NoticeProblem> problems) {
        String version = form.text("version", "2026-11");
        LocalDate validFrom = form.date("valid-from", "2026-11-01");
        LocalDate review = form.date("review", "2027-05-01");
        boolean material = form.truth("material-change");
        String variant = form.text("variant", "a", "a");
        int weight = form.number("weight", 1);
        var profile = new NoticeText(form.spot("profile"), form.text("profile", "de-2026-08"));
        Form asked = form.form("purposes", "purposes: with assistant: zuhören");
        Map<String, NoticeText> purposes = canonical(asked.texts());
        @Nullable Remember remember =
                form.maybeForm("remember").map(NoticeDraft::remember).orElse(null);
        var scope =
                new RequiredParts.Scope(
                        List.copyOf(purposes.keySet()),
                        form.list("levels", "[basis, komfort, voll]"),
                        remember == null ? List.of() : remember.levels,
                        form.list("dialogs", "[ladder, menu]"));
        String explicit = form.text("article-9", "ausdrücklich", "");
        Form who = form.form("controller", "controller: with name and contact");
        String web = who.maybeText("web");
        Form sign = form.form("sign-off", "sign-off: with who and when");
        var signOff = new SignOff(sign.maybeText("who"), sign.maybeText("when"));
        sign.noOthers();
        var own = form.form("texts", "texts: with opening, question.assistant, ...").texts();
        if (!version.isEmpty() && !isNamed(file, version, variant)) {
            problems.add(
                    new NoticeProblem(
                            form.spot("version"),
                            "version \"" + version + "\" and the name of the file differ",
                            version + ".yaml or " + version + "." + variant + ".yaml"));
        }
        known(scope, form, problems);
        form.noOthers();
        return new NoticeDraft(
                file,
                lineage,
                common,
                version,
                validFrom,
                material,
                variant,
                weight,
                scope,
                controller(who, problems),
                web,
                purposes,
                remember,
                explicit.isEmpty() ? null : new NoticeText(form.spot("article-9"), explicit),
                profile,
                review,
                signOff,
                joined(common.texts(), own),
                form.spots());
    }

    private static Remember remember(Form form) {
        var remember =
                new Remember(
                        form.list("levels", "[merken]"),
                        form.text("duration", "P12M"),
                        SpokenText.canonical(form.text("words", "ein Jahr lang")));
        form.noOthers();
        try {
            if (!remember.duration.isEmpty()
                    && ValidityPeriod.parse(remember.duration)
                            instanceof ValidityPeriod.Lasting lasting) {
                return new Remember(remember.levels, lasting.toString(), remember.words);
            }
        } catch (IllegalArgumentException e) {
            form.wrong("duration", "\"" + remember.duration + "\" is no duration", "P12M");
        }
        return remember;
    }

    /** The same with this text for the second layer. */
    NoticeDraft informing(String text) {
        var more = new TreeMap<>(parts);
        more.put(
                Parts.INFORMATION,
                new NoticeText(spotOf(Parts.INFORMATION), SpokenText.canonical(text)));
        return new NoticeDraft(
                file,
                lineage,
                common,
                version,
                validFrom,
                materialChange,
                variant,
                weight,
                scope,
                controller,
                web,
                purposes,
                remember,
                article9,
                profile,
                review,
                signOff,
                java.util.Collections.unmodifiableMap(more),
                spots);
    }

    private static Notice.Controller controller(Form who, List<NoticeProblem> problems) {
        var controller =
                new Notice.Controller(
                        who.text("name", "Musterfirma"),
                        who.text("contact", "Musterweg 1, 12345 Musterstadt"),
                        who.text("country", "DE", Notice.Controller.DEFAULT_COUNTRY));
        if (!controller.country().matches("[A-Z]{2}")) {
            problems.add(
                    new NoticeProblem(
                            who.spot("country"),
                            "\"" + controller.country() + "\" is no country (ISO 3166-1)",
                            "country: DE"));
        }
        who.noOthers();
        return controller;
    }

    private static boolean isNamed(Path file, String version, String variant) {
        String name = file.getFileName().toString();
        return name.equals(version + ".yaml") || name.equals(version + "." + variant + ".yaml");
    }

    private static void known(RequiredParts.Scope scope, Form form, List<NoticeProblem> problems) {
        ids("purposes", scope.purposes(), 40, "transcript", form, problems);
        ids("levels", scope.levels(), 20, "basis", form, problems);
        for (String level : scope.remembered()) {
            if (!scope.levels().contains(level)) {
                problems.add(
                        new NoticeProblem(
                                form.spot("remember"),
                                "\"" + level + "\" is none of the levels",
                                scope.levels().isEmpty()
                                        ? "levels: [merken]"
                                        : Spelling.closest(level, scope.levels())));
            }
        }
        for (String dialog : scope.dialogs()) {
            if (!DIALOGS.contains(dialog)) {
                problems.add(
                        new NoticeProblem(
                                form.spot("dialogs"),
                                "\"" + dialog + "\" is no dialog",
                                "ladder or menu"));
            }
        }
    }

    private static void ids(
            String key,
            List<String> ids,
            int longest,
            String example,
            Form form,
            List<NoticeProblem> problems) {
        for (String id : ids) {
            if (!id.matches("[a-z0-9][a-z0-9-]{0," + (longest - 1) + "}")) {
                problems.add(
                        new NoticeProblem(
                                form.spot(key),
                                "\"" + id + "\" is not small letters, digits and hyphens",
                                example));
            }
        }
    }

    /** The notice's own texts stand before those of its language. */
    private static Map<String, NoticeText> joined(
            Map<String, NoticeText> common, Map<String, NoticeText> own) {
        var parts = new TreeMap<>(common);
        parts.putAll(own);
        return canonical(parts);
    }

    private static Map<String, NoticeText> canonical(Map<String, NoticeText> texts) {
        var canonical = new LinkedHashMap<String, NoticeText>();
        texts.forEach((key, text) ->
                canonical.put(
                        key, new NoticeText(text.spot(), SpokenText.canonical(text.value()))));
        return java.util.Collections.unmodifiableMap(canonical);
    }

    String language() {
        return common.language().code();
    }

    /** Where a part stands, or would stand. */
    Spot spot(String part) {
        NoticeText text = parts.get(part);
        return text != null ? text.spot() : new Spot(file, 1, "texts." + part);
    }

    /** Where another key stands, or would stand. */
    Spot spotOf(String key) {
        String first = key.split("\\.", 2)[0];
        Spot spot = spots.getOrDefault(first, new Spot(file, 1, key));
        return new Spot(file, spot.line(), key);
    }

    Readability readability(NoticeText text) {
        return Readability.of(common.language(), text.value());
    }

    String firstSentence(String text) {
        return sentenceWith(text, "");
    }

    /** The first sentence with these letters; the first of all where none has them. */
    String sentenceWith(String text, String letters) {
        List<String> sentences = new ArrayList<>();
        Readability.of(common.language(), text)
                .sentences()
                .forEach(each -> sentences.add(each.text()));
        return sentences.stream()
                .filter(sentence -> sentence.contains(letters))
                .findFirst()
                .orElse(sentences.isEmpty() ? text : sentences.getFirst());
    }
}
