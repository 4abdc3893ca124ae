package org.consentgateway.call;

import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A called number and its settings.
 *
 * @param numbers E.164 numbers or user parts that lead here
 * @param notice lineage of the notices spoken here; consents are shared by lines of one lineage
 * @param languages ISO 639-1, the first one is spoken first, "*" goes to the next
 * @param questions how consent is asked for
 * @param levels presets of what can be agreed to; each holds the first purpose of the first one;
 *     none only on a privacy line
 * @param assistant name of the assistant in the configuration
 * @param humans names of those who are dialled otherwise, one after the other; none: goodbye then
 * @param privacy whether this is a privacy line (then no assistant is ever dialled)
 * @param confirmation whether what was agreed to is confirmed before the assistant is dialled
 * @param service what is done for callers besides
 * @param withdrawalKeys pressed one after the other in a conversation, such as "*9"
 * @param renewalWindow how long before its end a consent is asked for again
 * @param zone in which validity is counted
 */
public record Line(
        String id,
        Set<String> numbers,
        String notice,
        List<String> languages,
        QuestionPlan questions,
        List<Level> levels,
        String assistant,
        List<String> humans,
        boolean privacy,
        boolean confirmation,
        Service service,
        String withdrawalKeys,
        Period renewalWindow,
        ZoneId zone,
        AnswerTiming timing) {
    public static final Period DEFAULT_RENEWAL_WINDOW = Period.ofDays(30);

    /** A question is repeated at most so often: more would be nagging. */
    public static final int MAX_REPEATS = 2;

    public static final int MAX_LEVELS = 5;

    /** A menu has the keys 1 to 3, and 0 for none. */
    public static final int MAX_IN_MENU = 3;

    /** Asked one by one: more would be nagging. */
    public static final int MAX_PURPOSES = 5;

    public Line {
        numbers = Set.copyOf(numbers);
        languages = List.copyOf(languages);
        levels = List.copyOf(levels);
        humans = List.copyOf(humans);
        if ((levels.isEmpty() && !privacy) || levels.size() > MAX_LEVELS) {
            throw new IllegalArgumentException(
                    "line " + id + " needs 1 to " + MAX_LEVELS + " levels");
        }
        if (questions.dialog == Dialog.MENU && levels.size() > MAX_IN_MENU) {
            throw new IllegalArgumentException("line " + id + ": a menu has 1 to " + MAX_IN_MENU);
        }
        SequencedSet<Purpose> purposes = Level.purposesOf(levels);
        if (purposes.size() > MAX_PURPOSES) {
            throw new IllegalArgumentException(
                    "line " + id + ": 1 to " + MAX_PURPOSES + " purposes");
        }
        if (!levels.stream().allMatch(l -> l.purposes().contains(purposes.getFirst()))) {
            throw new IllegalArgumentException(
                    "line " + id + ": a level without the first purpose");
        }
        if (languages.isEmpty()) {
            throw new IllegalArgumentException("line " + id + " has no language");
        }
        if (!withdrawalKeys.matches("[0-9*#]{2,4}")) {
            throw new IllegalArgumentException("line " + id + ": withdrawal keys are 2 to 4 keys");
        }
    }

    /** What is asked for, one by one, in this order. */
    public SequencedSet<Purpose> purposes() {
        return Level.purposesOf(levels);
    }

    public Optional<Level> level(String levelId) {
        return levels.stream().filter(l -> l.id().equals(levelId)).findFirst();
    }

    /**
     * Immutable. What a line does for its callers besides asking and connecting them.
     *
     * @param satisfaction whether callers are asked after a talk whether it was clear and helped
     * @param callBack whether who reaches nobody may leave a number
     * @param reminder how often the disclosure is told again in a talk with the assistant; null:
     *     not
     * @param callingBack which numbers are called back before a request for access or erasure
     *     counts; null: none, it counts at once. A withdrawal always does
     */
    public record Service(
            boolean satisfaction,
            boolean callBack,
            @Nullable Duration reminder,
            @Nullable CallingBack callingBack) {}

    /**
     * Immutable. That whoever takes a call back confirms a request.
     *
     * @param prefixes of E.164 numbers, such as "+49": others are not called, since a stranger
     *     could have us call what is dear; nor are those of services among them
     */
    public record CallingBack(List<String> prefixes) {
        public CallingBack {
            prefixes = List.copyOf(prefixes);
        }

        boolean reaches(PhoneNumber number) {
            return number.mayBeCalled(prefixes);
        }
    }

    /**
     * Immutable. How consent is asked for.
     *
     * @param repeats how often an unanswered question is asked again, 0 to {@link #MAX_REPEATS}
     * @param further how many purposes are asked for in one call after the first one
     * @param remember what a consent of an earlier call is good for, where it lasts
     */
    public record QuestionPlan(Dialog dialog, int repeats, int further, Remember remember) {
        public QuestionPlan {
            if (repeats < 0 || repeats > MAX_REPEATS) {
                throw new IllegalArgumentException("0 to " + MAX_REPEATS + " repeats");
            }
            if (further < 0 || further >= MAX_PURPOSES) {
                throw new IllegalArgumentException(
                        "0 to " + (MAX_PURPOSES - 1) + " further questions");
            }
        }
    }

    /**
     * What a remembered consent is good for. A number is no person: somebody else may speak now.
     */
    public enum Remember {
        /** A short question in place of the whole: whoever speaks now has to agree again. */
        ASK,
        /** None is asked where all purposes store nothing. */
        BASIS,
        /** Nothing: asked in full in every call. */
        NEVER
    }

    /** In what form consent is asked for. */
    public enum Dialog {
        /** One yes/no question per purpose; the first no ends the questions. */
        LADDER,
        /** All levels in one question. */
        MENU
    }
}
