package org.consentgateway.consent;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Immutable. Which parts a notice needs: all of {@link Parts}, per purpose and per level where they
 * are.
 */
public final class RequiredParts {
    private static final List<String> ALWAYS =
            List.of(
                    Parts.LANGUAGE_OFFER,
                    Parts.LANGUAGE_OFFER_2,
                    Parts.OPENING,
                    Parts.OPENING_KNOWN,
                    Parts.WHY_EXPIRED,
                    Parts.WHY_RENEWAL,
                    Parts.WHAT_CHANGED,
                    Parts.SAID_YES,
                    Parts.INFORMATION,
                    Parts.INFORMATION_LINK,
                    Parts.INFORMATION_SENT,
                    Parts.HELP,
                    Parts.REFUSED,
                    Parts.UNANSWERED,
                    Parts.TO_HUMAN,
                    Parts.GOODBYE,
                    Parts.NOBODY_THERE,
                    Parts.CALL_BACK,
                    Parts.CALL_BACK_NUMBER,
                    Parts.CALL_BACK_WRONG,
                    Parts.CALL_BACK_HEARD,
                    Parts.CALL_BACK_RIGHT,
                    Parts.CALL_BACK_NOTED,
                    Parts.APOLOGY,
                    Parts.ASSISTANT_UNREACHABLE,
                    Parts.WITHDRAWN,
                    Parts.REMINDER,
                    Parts.SATISFACTION,
                    Parts.HELPED,
                    Parts.COMPLAINT,
                    Parts.COMPLAINT_NOTED,
                    Parts.THANKS,
                    Parts.PRIVACY_OPENING,
                    Parts.PRIVACY_CONSENT,
                    Parts.PRIVACY_NONE,
                    Parts.PRIVACY_MENU,
                    Parts.PRIVACY_WITHDRAWN,
                    Parts.PRIVACY_ACCESS,
                    Parts.PRIVACY_ERASURE,
                    Parts.PRIVACY_REFERENCE,
                    Parts.PRIVACY_REFERENCE_AGAIN,
                    Parts.PRIVACY_CONTACT,
                    Parts.PRIVACY_UNKNOWN_CALLER,
                    Parts.PRIVACY_UNKNOWN_MENU);
    private static final List<String> PER_LEVEL = List.of(Parts.CONFIRM, Parts.CONFIRM_KEYS);
    public static final List<String> LADDER =
            List.of(
                    Parts.QUESTION,
                    Parts.REPEAT_1,
                    Parts.REPEAT_2,
                    Parts.QUESTION_KEYS,
                    Parts.REPEAT_1_KEYS,
                    Parts.REPEAT_2_KEYS);

    /** Asked of a caller whose remembered consent is to this level. */
    public static final List<String> KNOWN =
            List.of(Parts.KNOWN, Parts.KNOWN_REPEAT, Parts.KNOWN_KEYS);

    public static final List<String> REMEMBER =
            List.of(Parts.REMEMBER, Parts.REMEMBER_REPEAT, Parts.REMEMBER_KEYS);
    public static final List<String> MENU =
            List.of(Parts.MENU, Parts.MENU_REPEAT_1, Parts.MENU_REPEAT_2);

    /** Spoken where a line has requests confirmed by a call back; others do without. */
    public static final List<String> CALLING_BACK =
            List.of(
                    Parts.PRIVACY_CALL_BACK,
                    Parts.PRIVACY_CALL_BACK_PENDING,
                    Parts.PRIVACY_CALL_BACK_LIMIT,
                    Parts.CONFIRM_ACCESS,
                    Parts.CONFIRM_ERASURE,
                    Parts.CONFIRM_DONE,
                    Parts.CONFIRM_DISOWNED,
                    Parts.CONFIRM_NOTHING);

    private RequiredParts() {}

    /**
     * Immutable. What a notice has words for.
     *
     * @param purposes ids
     * @param levels ids
     * @param remembered those of the levels whose consent may hold for later calls
     * @param dialogs "ladder", "menu" or both
     */
    public record Scope(
            List<String> purposes,
            List<String> levels,
            List<String> remembered,
            List<String> dialogs) {
        public Scope {
            purposes = List.copyOf(purposes);
            levels = List.copyOf(levels);
            remembered = List.copyOf(remembered);
            dialogs = List.copyOf(dialogs);
        }
    }

    public static Set<String> of(Scope scope) {
        var parts = new LinkedHashSet<>(ALWAYS);
        for (String purpose : scope.purposes()) {
            parts.add(Parts.of(Parts.NEW_PURPOSE, purpose));
            if (scope.dialogs().contains("ladder")) {
                LADDER.forEach(p -> parts.add(Parts.of(p, purpose)));
            }
        }
        for (String level : scope.levels()) {
            PER_LEVEL.forEach(p -> parts.add(Parts.of(p, level)));
        }
        for (String level : scope.remembered()) {
            KNOWN.forEach(p -> parts.add(Parts.of(p, level)));
            parts.addAll(REMEMBER);
        }
        if (scope.dialogs().contains("menu")) {
            parts.addAll(MENU);
        }
        for (int digit = 0; digit <= 9; digit++) {
            parts.add(Parts.of(Parts.PRIVACY_DIGIT, digit));
        }
        return parts;
    }
}
