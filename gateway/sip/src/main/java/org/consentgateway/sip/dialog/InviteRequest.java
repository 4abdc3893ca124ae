package org.consentgateway.sip.dialog;

import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sip.InvalidArgumentException;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.message.Request;
import org.consentgateway.sip.message.SessionExpires;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.Account;
import org.jspecify.annotations.Nullable;

/**
 * The INVITE of one call of ours (RFC 3261 §13.2.1), as a function of whom it calls, by which
 * account, and of what may change from one attempt to the next. Immutable.
 */
final class InviteRequest {
    /** Not to be set from outside: they are the call's own. */
    private static final Set<String> OWN =
            Set.of(
                    "via",
                    "from",
                    "to",
                    "call-id",
                    "cseq",
                    "contact",
                    "route",
                    "record-route",
                    "max-forwards",
                    "content-type",
                    "content-length",
                    "require",
                    "supported",
                    "allow",
                    "session-expires",
                    "min-se");

    private final Stack stack;
    private final Writer writer;
    private final OutgoingCall.Dial dial;
    private final @Nullable Account account;
    private final LegTerms terms;
    private final Id id;

    /** What all attempts have in common. */
    record Id(String callId, String fromTag) {}

    /**
     * What may change from one attempt to the next.
     *
     * @param routes what it has to pass (RFC 3608 §5)
     * @param sessionSeconds session interval asked for (RFC 4028); 0: none
     */
    record Attempt(
            LocalAddress at,
            SipURI target,
            List<String> routes,
            String sdp,
            long cseq,
            int sessionSeconds) {}

    /**
     * @param account by which it goes; null: by none
     */
    InviteRequest(
            Stack stack, OutgoingCall.Dial dial, @Nullable Account account, LegTerms terms, Id id) {
        this.stack = stack;
        this.writer = new Writer(stack);
        this.dial = dial;
        this.account = account;
        this.terms = terms;
        this.id = id;
    }

    /**
     * @throws ParseException if a part of it, such as the target, cannot be written
     * @throws IllegalArgumentException if a header of the dial cannot be parsed
     */
    Request of(Attempt attempt) throws ParseException, InvalidArgumentException {
        LocalAddress at = attempt.at();
        Request request =
                writer.request(
                        Request.INVITE,
                        (SipURI) attempt.target().clone(),
                        new Writer.Ends(
                                new Writer.Party(from(at), id.fromTag()),
                                writer.party(withoutParameters(attempt.target()), null),
                                id.callId()),
                        attempt.cseq(),
                        at);
        terms.describe(writer, request, at);
        introduce(request, attempt);
        if (attempt.sessionSeconds() > 0) {
            writer.header(
                    request, SessionExpires.HEADER, attempt.sessionSeconds() + ";refresher=uac");
            writer.header(
                    request,
                    SessionExpires.MIN_SE,
                    Long.toString(stack.settings.minSessionExpires().toSeconds()));
        }
        for (Map.Entry<String, String> header : dial.headers().entrySet()) {
            if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                writer.header(request, header.getKey(), header.getValue());
            }
        }
        writer.sdp(request, attempt.sdp());
        return request;
    }

    /** Who calls, as the called is to see it. */
    private Address from(LocalAddress at) throws ParseException {
        if (dial.from().equals(OutgoingCall.ANONYMOUS)) {
            // RFC 3323 §4.1.1.3.
            return stack.addresses.createAddress(
                    "Anonymous",
                    stack.addresses.createSipURI(OutgoingCall.ANONYMOUS, "anonymous.invalid"));
        }
        String shown = account == null || account.showsCallers() ? dial.from() : own();
        String host = account == null ? at.host() : account.domain();
        return stack.addresses.createAddress(
                stack.addresses.createSipURI(shown.isEmpty() ? null : shown, host));
    }

    /** The number the account knows us by: the line's, or that of the account itself. */
    private String own() {
        boolean number = dial.own().startsWith("+");
        return number || account == null ? dial.own() : account.user();
    }

    /** What the account's provider wants to see: which number of ours it is, and the way to it. */
    private void introduce(Request request, Attempt attempt) throws ParseException {
        if (dial.from().equals(OutgoingCall.ANONYMOUS)) {
            writer.header(request, "Privacy", "id");
        }
        if (account == null) {
            return;
        }
        writer.header(
                request, "P-Preferred-Identity", "<sip:" + own() + "@" + account.domain() + ">");
        SipURI contact = writer.uri(attempt.at().uri());
        contact.setUser(account.user());
        request.setHeader(
                stack.headers.createContactHeader(stack.addresses.createAddress(contact)));
        if (!attempt.routes().isEmpty()) {
            writer.header(request, "Route", String.join(", ", attempt.routes()));
        }
    }

    private SipURI withoutParameters(SipURI uri) throws ParseException {
        SipURI plain = stack.addresses.createSipURI(uri.getUser(), uri.getHost());
        if (uri.getPort() > 0) {
            plain.setPort(uri.getPort());
        }
        return plain;
    }
}
