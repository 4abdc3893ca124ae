package org.consentgateway.notice;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Parts;
import org.consentgateway.speech.voice.Pauses;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.SpeechLevel;
import org.consentgateway.speech.voice.TelephoneBand;

/**
 * Confined to one load. Whether every part has its sound, and none of them keeps callers waiting.
 */
final class PromptSound {
    static final double OPENING_WANTED = 7;
    static final double OPENING_MAX = 10;

    /** From the beginning of the first question until it can be answered. */
    static final double ANSWERABLE_WANTED = 3;

    static final double FURTHER_QUESTION_MAX = 6;
    static final double CONFIRMATION_WANTED = 4;
    static final double INFORMATION_MAX = 20;

    /** Share of a prompt in which nothing is said, after the first 200 ms of each pause. */
    static final double PAUSES_MAX = Pauses.MOST;

    /** What would be right where there is no recording. */
    static final String RENDER = "scripts/gateway prompts render";

    /** Shorter ones are silence before and after a word. */
    private static final double PAUSES_FROM_SECONDS = 2;

    private static final double LEVEL_OFF_BY = 2;

    /** Faster than this nobody is asked to speak: the text is too long. */
    private static final double FASTEST_WORDS_A_MINUTE = 180;

    /** A voice at hand that speaks faster than what is too slow. */
    private static final String FASTER = "espeak-ng -v {language} -s 240 -w {out} --stdin";

    /** 155 words a minute, as the shipped voices speak. */
    private static final double WORDS_PER_SECOND = 2.6;

    private final NoticeDraft draft;
    private final PromptLibrary prompts;
    private final NoticeFindings findings;
    private final Set<String> voices = new TreeSet<>();

    PromptSound(NoticeDraft draft, PromptLibrary prompts, NoticeFindings findings) {
        this.draft = draft;
        this.prompts = prompts;
        this.findings = findings;
    }

    /** What of one sound no gateway would start with. */
    static List<NoticeProblem> wrong(
            NoticeDraft draft,
            String part,
            NoticeText text,
            PromptLibrary prompts,
            Prompt.Ready ready) {
        NoticeFindings findings = NoticeFindings.none();
        new PromptSound(draft, prompts, findings).heard(part, text, ready);
        return findings.errors();
    }

    void check() {
        draft.parts()
                .forEach((part, text) -> {
                    switch (prompts.prompt(draft.language(), text.value())) {
                        case Prompt.Missing missing -> {
                            unheard(part, text);
                            findings.wrong(text, missing.why(), RENDER, text.value());
                        }
                        case Prompt.Ready ready -> {
                            voices.add(ready.voice());
                            heard(part, text, ready);
                        }
                    }
                });
        if (voices.size() > 1) {
            findings.caution(
                    draft.spotOf("texts"),
                    "is spoken by several voices in one call: " + String.join(", ", voices),
                    "scripts/gateway prompts render --all --language "
                            + draft.language()
                            + " --with COMMAND");
        }
    }

    /** Nobody needs a voice to find out that an opening is far too long. */
    private void unheard(String part, NoticeText text) {
        double seconds = text.value().strip().split("\\s+").length / WORDS_PER_SECOND;
        if (isOpening(part) && seconds > OPENING_MAX) {
            findings.wrong(
                    text,
                    "will take about %.0f s to say; %.0f s are allowed"
                            .formatted(seconds, OPENING_MAX),
                    "about %.0f words".formatted(OPENING_WANTED * 2.5),
                    draft.firstSentence(text.value()));
        }
    }

    private static boolean isOpening(String part) {
        return part.equals(Parts.OPENING) || part.equals(Parts.OPENING_KNOWN);
    }

    private void heard(String part, NoticeText text, Prompt.Ready ready) {
        double seconds = ready.clip().millis() / 1000.0;
        if (isOpening(part)) {
            limit(text, seconds, OPENING_WANTED, OPENING_MAX);
        } else if (part.equals(first(Parts.QUESTION)) || part.equals(first(Parts.QUESTION_KEYS))) {
            double answerable = seconds * FirstQuestion.share(text.value());
            if (answerable > ANSWERABLE_WANTED) {
                findings.caution(
                        text,
                        "can be answered after %.1f s only; %.0f s are better"
                                .formatted(answerable, ANSWERABLE_WANTED),
                        "one short sentence that asks, first",
                        draft.firstSentence(text.value()));
            }
        } else if (isFurtherQuestion(part)) {
            limit(text, seconds, FURTHER_QUESTION_MAX, FURTHER_QUESTION_MAX);
        } else if (part.equals(Parts.INFORMATION)) {
            limit(text, seconds, INFORMATION_MAX, INFORMATION_MAX);
        } else if (part.startsWith(Parts.of(Parts.CONFIRM, ""))
                || part.startsWith(Parts.of(Parts.CONFIRM_KEYS, ""))) {
            limit(text, seconds, CONFIRMATION_WANTED, OPENING_MAX);
        }
        sound(text, seconds, ready.level());
    }

    private String first(String pattern) {
        return Parts.of(pattern, draft.scope().purposes().getFirst());
    }

    private static boolean isFurtherQuestion(String part) {
        return part.matches(
                "(question|question-keys|known|known-keys)\\..*|remember|remember-keys|said-yes");
    }

    private void limit(NoticeText text, double seconds, double wanted, double most) {
        if (seconds > most) {
            findings.wrong(
                    text,
                    "takes %.1f s to say; %.0f s are allowed".formatted(seconds, most),
                    shorter(text, seconds, most, wanted),
                    draft.firstSentence(text.value()));
        } else if (seconds > wanted) {
            findings.caution(
                    text,
                    "takes %.1f s to say; %.0f s are better".formatted(seconds, wanted),
                    "about %.0f words".formatted(wanted * 2.5),
                    draft.firstSentence(text.value()));
        }
    }

    /** Other words, or another voice where these could be said in time. */
    private String shorter(NoticeText text, double seconds, double most, double wanted) {
        int words = draft.readability(text).words();
        double needed = words * 60 / most;
        return needed > FASTEST_WORDS_A_MINUTE
                ? "about %.0f words".formatted(wanted * 2.5)
                : "a voice that speaks faster: it says these %d words at %.0f a minute, and at %.0f they are within the limit; %s --all --language %s --with '%s'"
                        .formatted(
                                words,
                                words * 60 / seconds,
                                Math.ceil(needed),
                                RENDER,
                                draft.language(),
                                FASTER);
    }

    private void sound(NoticeText text, double seconds, SpeechLevel level) {
        if (seconds >= PAUSES_FROM_SECONDS && 1 - level.activity() > PAUSES_MAX) {
            findings.wrong(
                    text,
                    "%.1f %% of it are pauses; %.0f %% are allowed"
                            .formatted(roundedUp(1 - level.activity()), 100 * PAUSES_MAX),
                    "300 ms between two sentences",
                    draft.firstSentence(text.value()));
        }
        loudness(text, level);
    }

    /** In per cent: what is too much must not look like what is allowed. */
    private static double roundedUp(double share) {
        return Math.ceil(1000 * share) / 10;
    }

    private void loudness(NoticeText text, SpeechLevel level) {
        if (Math.abs(level.activeDbov() - TelephoneBand.LOUDNESS_DBOV) > LEVEL_OFF_BY) {
            findings.caution(
                    text,
                    "is at %.1f dBov; all prompts should be at %.0f"
                            .formatted(level.activeDbov(), TelephoneBand.LOUDNESS_DBOV),
                    "scripts/gateway prompts adopt, which levels it",
                    draft.firstSentence(text.value()));
        }
    }
}
