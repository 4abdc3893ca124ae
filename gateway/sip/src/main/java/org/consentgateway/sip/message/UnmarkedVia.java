package org.consentgateway.sip.message;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.header.ViaList;
import gov.nist.javax.sip.message.SIPMessage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The topmost Via of a peer of RFC 2543, whose branch, if there is one, lacks the magic cookie. To
 * the stack it has another, with the cookie, which is the same in all messages of one transaction;
 * on the wire it stays as it came. Without that the stack asks each transaction that it keeps, and
 * loses the message at the first that has finished. Confined to its message.
 */
public final class UnmarkedVia extends Via {
    /** Begins the branches of RFC 3261 (§8.1.1.7), in capitals or not. */
    private static final String COOKIE = "z9hG4bK";

    private static final long serialVersionUID = 1;

    private final String assumed;

    @SuppressWarnings("deprecation") // a comment, which RFC 2543 knows and RFC 3261 does not
    private UnmarkedVia(Via written, String assumed) {
        setSentProtocol(written.getSentProtocol());
        setSentBy(written.getSentBy());
        setParameters(written.getViaParms());
        comment = written.getComment();
        this.assumed = assumed;
    }

    public static boolean isMarked(@Nullable String branch) {
        // As the stack compares: ignoring case letter by letter, a Kelvin sign would be a K.
        return branch != null
                && branch.toUpperCase(Locale.ROOT).startsWith(COOKIE.toUpperCase(Locale.ROOT));
    }

    /**
     * Puts one in place of the topmost.
     *
     * @param transaction which nobody else can guess
     */
    public static void assume(SIPMessage message, long transaction) {
        ViaList all = message.getViaHeaders();
        Via written = message.getTopmostVia();
        all.removeFirst();
        all.addFirst(new UnmarkedVia(written, COOKIE + Long.toHexString(transaction)));
    }

    /** What the peer wrote; empty if nothing. */
    public static String written(Via via) {
        String branch = via.getParameter(Via.BRANCH);
        return branch == null ? "" : branch;
    }

    @Override
    public String getBranch() {
        return assumed;
    }

    /** The stack makes that of a response the transaction's, which this one is not. */
    @Override
    public void setBranch(String branch) {
        // what the peer wrote goes back to it
    }
}
