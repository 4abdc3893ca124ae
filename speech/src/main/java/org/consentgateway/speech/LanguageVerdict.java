package org.consentgateway.speech;

/** Whether a recording says its text, rather than a text of another language. Immutable. */
public sealed interface LanguageVerdict {

    /** Nothing speaks against it. */
    record Fits() implements LanguageVerdict {}

    /**
     * What is heard fits a text of another language far better.
     *
     * @param language which one, ISO 639-1
     * @param text the one of that language that is nearest to what was heard; it need not be what
     *     was said
     * @param sounds what was heard, in the letters of the IPA
     */
    record Other(String language, String text, String sounds) implements LanguageVerdict {}

    /** Too little was said, or too little of it was heard, to tell. */
    record TooLittle() implements LanguageVerdict {}

    /**
     * Nobody can tell.
     *
     * @param why a sentence for the person who has to listen
     */
    record NotChecked(String why) implements LanguageVerdict {}
}
