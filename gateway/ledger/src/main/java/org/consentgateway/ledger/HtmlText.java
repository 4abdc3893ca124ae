package org.consentgateway.ledger;

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
}
