package org.consentgateway.ledger.proof;

/** Text as it stands in a page of HTML: nothing in it is markup. */
public final class HtmlText {
    private HtmlText() {}

    /** For the content of an element, and for an attribute in double quotes. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** What {@link #escaped} was given. */
    static String unescaped(String text) {
        return text.replace("&quot;", "\"")
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&amp;", "&");
    }
}
