package org.consentgateway.consent;

/**
 * Keys of the parts of a {@link Notice}. A {@code %s} stands for the id of a purpose or of a level,
 * as each of them says.
 */
public final class Parts {
    /** Spoken by the other language's notice before the opening: offers that language. */
    public static final String LANGUAGE_OFFER = "language-offer";

    /** The same where two stars lead to that language: a line has three. */
    public static final String LANGUAGE_OFFER_2 = "language-offer-2";

    /**
     * Who speaks: an AI, and for whom. Nobody can agree in it; a no counts from its first sample.
     */
    public static final String OPENING = "opening";

    /** For a caller whose consent is remembered: the AI disclosure; {@link #KNOWN} follows. */
    public static final String OPENING_KNOWN = "opening-known";

    /** Why we ask again, said before the question. */
    public static final String WHY_EXPIRED = "why-expired";

    public static final String WHY_RENEWAL = "why-renewal";

    /** What is new in this text, for those who agreed to the version before. */
    public static final String WHAT_CHANGED = "what-changed";

    /** Names one purpose that an earlier consent does not cover. */
    public static final String NEW_PURPOSE = "new-purpose.%s";

    /**
     * The yes/no question for one purpose, its two shorter repeats, and the forms that name keys
     * only.
     */
    public static final String QUESTION = "question.%s";

    public static final String REPEAT_1 = "repeat-1.%s";
    public static final String REPEAT_2 = "repeat-2.%s";
    public static final String QUESTION_KEYS = "question-keys.%s";
    public static final String REPEAT_1_KEYS = "repeat-1-keys.%s";
    public static final String REPEAT_2_KEYS = "repeat-2-keys.%s";

    /** Whether the remembered consent to one level holds in this call, too. */
    public static final String KNOWN = "known.%s";

    public static final String KNOWN_REPEAT = "known-repeat.%s";
    public static final String KNOWN_KEYS = "known-keys.%s";

    /** Whether the consent is to hold for later calls; names for how long. */
    public static final String REMEMBER = "remember";

    public static final String REMEMBER_REPEAT = "remember-repeat";
    public static final String REMEMBER_KEYS = "remember-keys";

    /** Asks back once after a weak word, or a yes in doubt. */
    public static final String SAID_YES = "said-yes";

    /** The question that offers all levels at once (1, 2, 3, 0 for none). */
    public static final String MENU = "menu";

    public static final String MENU_REPEAT_1 = "menu-repeat-1";
    public static final String MENU_REPEAT_2 = "menu-repeat-2";

    /** What the question means, in other words; then the question again. */
    public static final String HELP = "help";

    /** Second layer: who is responsible, where it runs, what is kept how long, which rights. */
    public static final String INFORMATION = "information";

    /** Offers the address of the information as a text message: 5. */
    public static final String INFORMATION_LINK = "information-link";

    public static final String INFORMATION_SENT = "information-sent";

    /** What was agreed to, and how it is withdrawn: by keys, and by words where these are heard. */
    public static final String CONFIRM = "confirm.%s";

    /** The same where nobody listens for the words: it names the keys alone. */
    public static final String CONFIRM_KEYS = "confirm-keys.%s";

    public static final String REFUSED = "refused";
    public static final String UNANSWERED = "unanswered";

    /** Before the human target is dialled. */
    public static final String TO_HUMAN = "to-human";

    /** Nobody can be reached. */
    public static final String GOODBYE = "goodbye";

    /** Nobody can be reached now: said before a call back is offered. */
    public static final String NOBODY_THERE = "nobody-there";

    /** Offers to call back: 1 at the number shown, 2 at another one, 0 not at all. */
    public static final String CALL_BACK = "call-back";

    /** Asks for digits, ended by the pound key. */
    public static final String CALL_BACK_NUMBER = "call-back-number";

    /** What was dialled is no number. */
    public static final String CALL_BACK_WRONG = "call-back-wrong";

    /** "You dialled:", then digits; then whether that is right. */
    public static final String CALL_BACK_HEARD = "call-back-heard";

    public static final String CALL_BACK_RIGHT = "call-back-right";
    public static final String CALL_BACK_NOTED = "call-back-noted";

    /**
     * Something failed on our side (the store is down): no consent is recorded; a human follows.
     */
    public static final String APOLOGY = "apology";

    public static final String ASSISTANT_UNREACHABLE = "assistant-unreachable";

    public static final String WITHDRAWN = "withdrawn";

    /** Once more in the middle of a talk, to both sides of it: that an AI speaks. */
    public static final String REMINDER = "reminder";

    /** Whether it was clear, from 1 (very) to 5 (not at all); 7 complains. */
    public static final String SATISFACTION = "satisfaction";

    /** Whether the caller was helped: 1 yes, 2 no; 7 complains. */
    public static final String HELPED = "helped";

    /** A complaint is taken down; whether to call back follows. */
    public static final String COMPLAINT = "complaint";

    public static final String COMPLAINT_NOTED = "complaint-noted";
    public static final String THANKS = "thanks";

    /** The line for one's own data: who speaks, a machine. */
    public static final String PRIVACY_OPENING = "privacy-opening";

    /** That there is a consent of this number: never whose, which or since when. */
    public static final String PRIVACY_CONSENT = "privacy-consent";

    public static final String PRIVACY_NONE = "privacy-none";

    /** 1 withdraw, 2 access, 3 erasure, 4 address, 0 human. */
    public static final String PRIVACY_MENU = "privacy-menu";

    public static final String PRIVACY_WITHDRAWN = "privacy-withdrawn";

    /** What is noted, that a person decides, and until when: then {@link #PRIVACY_REFERENCE}. */
    public static final String PRIVACY_ACCESS = "privacy-access";

    public static final String PRIVACY_ERASURE = "privacy-erasure";

    /** "Your number for it is:", then digits; "once more:", then digits. */
    public static final String PRIVACY_REFERENCE = "privacy-reference";

    public static final String PRIVACY_REFERENCE_AGAIN = "privacy-reference-again";
    public static final String PRIVACY_DIGIT = "privacy-digit.%s";

    public static final String PRIVACY_CONTACT = "privacy-contact";
    public static final String PRIVACY_UNKNOWN_CALLER = "privacy-unknown-caller";

    /** 4 address, 0 human: for a caller whose number is not shown. */
    public static final String PRIVACY_UNKNOWN_MENU = "privacy-unknown-menu";

    /** After {@link #PRIVACY_ACCESS} or the like: that this number is called back, and why. */
    public static final String PRIVACY_CALL_BACK = "privacy-call-back";

    /** That it is to be called back already. */
    public static final String PRIVACY_CALL_BACK_PENDING = "privacy-call-back-pending";

    /** That it is not called back once more today: then {@link #PRIVACY_CONTACT}. */
    public static final String PRIVACY_CALL_BACK_LIMIT = "privacy-call-back-limit";

    /**
     * To whoever takes the call back, after {@link #PRIVACY_OPENING}: what was asked for, 1 it was
     * they, 2 it was not.
     */
    public static final String CONFIRM_ACCESS = "confirm-access";

    public static final String CONFIRM_ERASURE = "confirm-erasure";

    /** What came of it: confirmed, not they, or nothing. */
    public static final String CONFIRM_DONE = "confirm-done";

    public static final String CONFIRM_DISOWNED = "confirm-disowned";
    public static final String CONFIRM_NOTHING = "confirm-nothing";

    private Parts() {}

    public static String of(String pattern, Object argument) {
        return pattern.replace("%s", argument.toString());
    }
}
