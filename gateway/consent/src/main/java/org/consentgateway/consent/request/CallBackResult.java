package org.consentgateway.consent.request;

/** Immutable. What came of calling a number back; all but {@link #CONFIRMED} undo the request. */
public enum CallBackResult {
    /** Key 1, and nothing else. */
    CONFIRMED("key 1 was pressed"),
    /** Key 2: somebody else seems to have called with this number. */
    DISOWNED("who took the call said that it was not they"),
    OTHER_KEY("another key was pressed"),
    /** A voicemail presses none. */
    NO_KEY("no key was pressed"),
    HUNG_UP("who took the call hung up"),
    BUSY("the number was busy"),
    NO_ANSWER("nobody took the call"),
    NOT_REACHED("the number could not be reached"),
    /** Of another country than the trunk, or one that no caller can have. */
    NOT_DIALLED("numbers like this are not called back"),
    /** The gateway ended meanwhile; it does not call twice. */
    INTERRUPTED("the call back was interrupted"),
    TOO_LATE("there was no time at which the number could be called back"),
    /** Two nodes took down a request of one number at the same moment; one of them is called. */
    ASKED_TWICE("the number was called back for another request of the same moment"),
    /** Somebody at the company answered it while its caller was called. */
    ANSWERED_BEFORE("the request was answered, or erased, before it was confirmed");

    private final String words;

    CallBackResult(String words) {
        this.words = words;
    }

    /** The ground of an answer: names nobody. */
    public String words() {
        return words;
    }
}
