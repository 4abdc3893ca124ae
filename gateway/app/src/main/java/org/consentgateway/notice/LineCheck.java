package org.consentgateway.notice;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.consent.ValidityPeriod;

/**
 * Confined to one load. Whether a notice has words for all that can be agreed to on a line that
 * speaks it.
 */
final class LineCheck {
    private static final String PRIVACY = "privacy";
    private static final String MENU = "menu";

    /** They are never chosen in one key together with others. */
    private static final Set<Purpose> ALONE = Set.of(Purpose.MARKETING, Purpose.BIOMETRICS);

    /** They are never taken up from an earlier call. */
    private static final Set<Purpose> EVERY_CALL =
            Set.of(Purpose.RECORDING, Purpose.LEARNING, Purpose.BIOMETRICS);

    private static final Pattern ADVERTISING = Pattern.compile("market|advert|werbung");

    private static final Pattern VOICES = Pattern.compile("biometr|voice-?(print|id)");

    private final NoticeDraft draft;
    private final NoticeFindings findings;

    LineCheck(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    void check(List<NoticeUse.Speaking> lines) {
        for (NoticeUse.Speaking line : lines) {
            boolean speaksIt =
                    line.lineage().equals(draft.lineage())
                            && line.languages().contains(draft.language())
                            && !line.dialog().equals(PRIVACY);
            callsBack(line);
            if (speaksIt) {
                dialog(line);
                line.levels().forEach(level -> level(line, level));
            }
        }
    }

    private void callsBack(NoticeUse.Speaking line) {
        boolean says =
                line.callsBack()
                        && line.lineage().equals(draft.lineage())
                        && line.languages().contains(draft.language());
        for (String part : says ? RequiredParts.CALLING_BACK : List.<String>of()) {
            if (!draft.parts().containsKey(part)) {
                findings.wrong(
                        draft.spot(part),
                        "is missing, and line %s calls numbers back".formatted(line.name()),
                        part + ": a text, or confirm-by: none");
            }
        }
    }

    private void dialog(NoticeUse.Speaking line) {
        if (!draft.scope().dialogs().contains(line.dialog())) {
            findings.wrong(
                    draft.spotOf("dialogs"),
                    "line " + line.name() + " asks by a " + line.dialog() + ", which has no words",
                    "dialogs: [ladder, menu]");
        }
    }

    private void level(NoticeUse.Speaking line, Level level) {
        String who = "line " + line.name();
        if (!draft.scope().levels().contains(level.id())) {
            findings.wrong(
                    draft.spotOf("levels"),
                    who + " offers " + level.id() + ", which has no words",
                    "levels: [" + level.id() + "], and confirm." + level.id());
        }
        for (Purpose purpose : level.purposes()) {
            alias(who, purpose);
            NoticeText asked = draft.purposes().get(purpose.id());
            if (asked == null) {
                findings.wrong(
                        draft.spotOf("purposes"),
                        "%s can agree to %s in level %s, and no words ask for it"
                                .formatted(who, purpose.id(), level.id()),
                        purpose.id() + ": the words of question." + purpose.id());
            } else if (line.dialog().equals(MENU)) {
                inTheMenu(who, level, purpose, asked.value());
            }
        }
        if (level.validity() instanceof ValidityPeriod.Lasting lasting) {
            lasting(who, level, lasting);
        }
    }

    /** The law asks more of these two, whatever they are called. */
    private void alias(String who, Purpose purpose) {
        String id = purpose.id();
        Purpose meant =
                ADVERTISING.matcher(id).find()
                        ? Purpose.MARKETING
                        : VOICES.matcher(id).find() ? Purpose.BIOMETRICS : purpose;
        if (!meant.equals(purpose)) {
            findings.wrong(
                    draft.spotOf("purposes"),
                    "%s calls %s \"%s\"".formatted(who, meant.id(), id),
                    "purposes: [" + meant.id() + "]");
        }
    }

    private void inTheMenu(String who, Level level, Purpose purpose, String words) {
        NoticeText menu = draft.parts().get(Parts.MENU);
        if (menu != null && ALONE.contains(purpose)) {
            findings.wrong(
                    menu,
                    "%s offers %s together with others: it needs a question of its own"
                            .formatted(who, purpose.id()),
                    "dialog: ladder",
                    null);
        } else if (menu != null && !menu.says(words)) {
            findings.wrong(
                    menu,
                    "%s can agree to %s in level %s, and the menu does not say its words"
                            .formatted(who, purpose.id(), level.id()),
                    words,
                    draft.firstSentence(menu.value()));
        }
    }

    /** Nobody is remembered for longer than the words said. */
    private void lasting(String who, Level level, ValidityPeriod.Lasting validity) {
        NoticeDraft.Remember remember = draft.remember();
        if (remember == null || !remember.levels().contains(level.id())) {
            findings.wrong(
                    draft.spotOf("remember"),
                    "level %s of %s holds for %s, and no words ask for that"
                            .formatted(level.id(), who, validity),
                    "remember: with levels: [%s], duration: %s and words"
                            .formatted(level.id(), validity));
            return;
        }
        if (!remember.duration().equals(validity.toString())) {
            findings.wrong(
                    draft.spotOf("remember.duration"),
                    "the words \"%s\" are for %s, but level %s of %s holds for %s"
                            .formatted(
                                    remember.words(),
                                    remember.duration(),
                                    level.id(),
                                    who,
                                    validity),
                    "duration: " + validity + ", and words that say so");
        }
        NoticeText known = draft.parts().get(Parts.of(Parts.KNOWN, level.id()));
        for (Purpose purpose : level.purposes()) {
            NoticeText words = draft.purposes().get(purpose.id());
            boolean kept = !EVERY_CALL.contains(purpose);
            if (known != null && words != null && kept && !known.says(words.value())) {
                findings.wrong(
                        known,
                        "takes up a consent to %s and does not say its words"
                                .formatted(purpose.id()),
                        words.value(),
                        draft.firstSentence(known.value()));
            }
        }
    }
}
