package org.consentgateway.settings;

import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Setting;

/**
 * {@code lines}: a called number and its settings. Immutable.
 *
 * @param numbers E.164 with +, or the user part of a SIP address
 * @param notice folder of its texts under {@code notices.directory}
 * @param languages the first is spoken first; * goes to the next
 * @param levels what can be agreed to; none only where the dialog is {@code privacy}; a menu has
 *     three keys
 * @param assistant none only where the dialog is {@code privacy}
 * @param humans who is dialled otherwise, one after the other; none: a polite goodbye
 * @param trunks it may be called by; empty: all
 * @param firstInput how long a question waits for the first word or key
 * @param repeats of a question without a valid answer
 * @param furtherQuestions how many purposes are asked for in one call after the first one
 * @param remember what a consent of an earlier call is good for
 * @param confirmation spoken after a yes, before the assistant is dialled
 * @param satisfaction whether callers are asked after a talk whether it was clear and helped
 * @param callBack whether who reaches nobody may leave a number
 * @param confirmBy what a request for access or erasure needs besides the number that is shown
 * @param confirmNumbers beginnings of the numbers that are called back; others are told to write
 * @param confirmHours when they are called back, in the time of the line; none: at any time
 * @param confirmAfter how long after the end of their call
 * @param disclosureEvery so long into a talk with the assistant, and again after that, both hear
 *     that an AI speaks; zero: never
 * @param withdrawalKey pressed during the conversation, ends the consent
 * @param renewalWindow before a consent ends, in which the caller is asked again
 */
public record LineConfig(
        @Setting(example = "service", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(
                        example = "[\"+4930123456\"]",
                        atLeast = "1",
                        form = "\\+[1-9][0-9]{3,14}|[A-Za-z][A-Za-z0-9._-]{0,63}",
                        formInWords = "a number such as +4930123456 or a user name")
                List<String> numbers,
        @Setting(
                        example = "demo",
                        form = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}",
                        formInWords = "the name of a folder")
                String notice,
        @Setting(
                        byDefault = "[de, en]",
                        atLeast = "1",
                        form = "[a-z]{2,3}",
                        formInWords = "a language code such as de")
                List<String> languages,
        @Setting(byDefault = "ladder") Dialog dialog,
        @Setting(byDefault = "[]", example = "[basis, komfort]", atMost = "5") List<String> levels,
        @Setting(byDefault = "", example = "assistant") Optional<String> assistant,
        @Setting(byDefault = "[]", example = "[human]", atMost = "5") List<String> humans,
        @Setting(byDefault = "[]", example = "[carrier]") List<String> trunks,
        @Setting(byDefault = "6s", atLeast = "1s", atMost = "60s") Duration firstInput,
        @Setting(byDefault = "2", atLeast = "0", atMost = "2") int repeats,
        @Setting(byDefault = "1", atLeast = "0", atMost = "4") int furtherQuestions,
        @Setting(byDefault = "ask") Remember remember,
        @Setting(byDefault = "true") boolean confirmation,
        @Setting(byDefault = "false") boolean satisfaction,
        @Setting(byDefault = "true") boolean callBack,
        @Setting(byDefault = "none") ConfirmBy confirmBy,
        @Setting(
                        byDefault = "[\"+49\"]",
                        atLeast = "1",
                        form = "\\+[1-9][0-9]{0,13}",
                        formInWords = "beginnings of numbers such as +49")
                List<String> confirmNumbers,
        @Setting(
                        byDefault = "[\"mon-sun 08:00-20:00\"]",
                        example = "[mon-sat 08:00-20:00]",
                        form = HumanConfig.HOURS,
                        formInWords = HumanConfig.HOURS_IN_WORDS)
                List<String> confirmHours,
        @Setting(byDefault = "20s", atLeast = "0s", atMost = "1h") Duration confirmAfter,
        @Setting(byDefault = "0s", atLeast = "0s", atMost = "12h") Duration disclosureEvery,
        @Setting(
                        byDefault = "\"*9\"",
                        form = "\\*[0-9]{1,3}",
                        formInWords = "a star and one to three digits")
                String withdrawalKey,
        @Setting(byDefault = "P30D") Period renewalWindow,
        @Setting(byDefault = "Europe/Berlin") ZoneId zone) {
    /** How a line asks. */
    public enum Dialog {
        LADDER,
        MENU,
        PRIVACY
    }

    /** How whoever asks for access or erasure shows that they hold the number. */
    public enum ConfirmBy {
        NONE,
        CALL_BACK
    }

    /** What a consent of an earlier call is good for. */
    public enum Remember {
        ASK,
        BASIS,
        NEVER
    }
}
