package org.consentgateway.sip.transport;

import gov.nist.javax.sip.header.SIPHeader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import javax.sip.InvalidArgumentException;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContactHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/** Puts into messages what all of them bear. Immutable. */
public final class Writer {
    /** Option tags we understand (RFC 3261 §19.2). */
    public static final List<String> SUPPORTED = List.of("timer", "100rel");

    /** Proxies before a request is given up (RFC 3261 §8.1.1.6). */
    private static final int MAX_FORWARDS = 70;

    private static final SIPHeader ALLOW =
            HeaderText.parsed("Allow", String.join(", ", Methods.ALLOWED));

    private static final SIPHeader ALLOW_REFER =
            HeaderText.parsed("Allow", String.join(", ", Methods.ALLOWED) + ", REFER");

    private static final SIPHeader SUPPORTED_HEADER =
            HeaderText.parsed("Supported", String.join(", ", SUPPORTED));

    private final Stack stack;

    public Writer(Stack stack) {
        this.stack = stack;
    }

    /** A response with a To tag (never for 100, RFC 3261 §8.2.6.2) and a Server header. */
    public Response response(Request request, int status, String tag) {
        try {
            Response response = stack.messages.createResponse(status, request);
            if (status != Response.TRYING) {
                ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
                if (to.getTag() == null) {
                    to.setTag(tag);
                }
                response.setHeader(
                        stack.headers.createServerHeader(List.of(stack.settings.userAgent())));
            }
            return response;
        } catch (ParseException impossible) {
            throw new IllegalStateException("response not made", impossible);
        }
    }

    public Response response(Request request, int status, String reason, String tag) {
        Response response = response(request, status, tag);
        try {
            response.setReasonPhrase(HeaderText.oneLine(reason));
        } catch (ParseException impossible) {
            throw new IllegalStateException("reason phrase not set", impossible);
        }
        return response;
    }

    /**
     * Sets one header, replacing it; a comma list where the header is one.
     *
     * @throws IllegalArgumentException where it cannot be parsed
     */
    public void header(Message message, String name, String value) {
        message.setHeader(HeaderText.parsed(name, value));
    }

    /** Sets one header beside others of its name. */
    public void add(Message message, String name, String value) {
        message.addHeader(HeaderText.parsed(name, value));
    }

    public void allow(Message message) {
        message.setHeader((SIPHeader) ALLOW.clone());
    }

    /** For those from whom a REFER is more than declined. */
    public void allowRefer(Message message) {
        message.setHeader((SIPHeader) ALLOW_REFER.clone());
    }

    /** Contact, Allow and Supported of every message that makes or refreshes a dialog. */
    public void describe(Message message, LocalAddress at) {
        try {
            ContactHeader contact =
                    stack.headers.createContactHeader(
                            stack.addresses.createAddress("<" + at.uri() + ">"));
            message.setHeader(contact);
        } catch (ParseException impossible) {
            throw new IllegalStateException("Contact not made", impossible);
        }
        allow(message);
        message.setHeader((SIPHeader) SUPPORTED_HEADER.clone());
    }

    public void sdp(Message message, String sdp) {
        body(message, "application", "sdp", sdp);
    }

    /** How it goes with a transfer (RFC 3515 §2.4.5). */
    public void fragment(Message message, String fragment) {
        body(message, "message", "sipfrag", fragment);
    }

    /** Any text of a media type of its own. */
    public void body(Message message, String type, String subtype, String text) {
        try {
            message.setContent(
                    text.getBytes(StandardCharsets.UTF_8),
                    stack.headers.createContentTypeHeader(type, subtype));
        } catch (ParseException impossible) {
            throw new IllegalStateException("body not set", impossible);
        }
    }

    public void warning(Response response, int code, String text, LocalAddress at) {
        // The stack's parser takes no address in brackets for an agent.
        String agent = at.host().startsWith("[") ? "gateway" : at.host();
        header(response, "Warning", code + " " + agent + " \"" + text + "\"");
    }

    /**
     * RFC 3326.
     *
     * @param protocol whose cause it is: "Q.850" or "SIP"
     */
    public void reason(Message message, String protocol, int cause, String text) {
        header(
                message,
                "Reason",
                protocol + ";cause=" + cause + ";text=\"" + text.replace('"', ' ') + "\"");
    }

    /**
     * A request outside any dialog (RFC 3261 §8.1.1), with a Via of its own.
     *
     * @param at from where it goes
     */
    public Request request(String method, URI target, Ends ends, long cseq, LocalAddress at)
            throws ParseException, InvalidArgumentException {
        Request request =
                stack.messages.createRequest(
                        target,
                        method,
                        stack.headers.createCallIdHeader(ends.callId()),
                        stack.headers.createCSeqHeader(cseq, method),
                        stack.headers.createFromHeader(ends.from().address(), ends.from().tag()),
                        stack.headers.createToHeader(ends.to().address(), ends.to().tag()),
                        new ArrayList<>(List.of(via(at))),
                        stack.headers.createMaxForwardsHeader(MAX_FORWARDS));
        request.setHeader(stack.headers.createUserAgentHeader(List.of(stack.settings.userAgent())));
        return request;
    }

    /** Of a new transaction. */
    public ViaHeader via(LocalAddress at) throws ParseException, InvalidArgumentException {
        ViaHeader via =
                stack.headers.createViaHeader(
                        at.host(), at.port(), at.transport().parameter(), null);
        via.setBranch("z9hG4bK" + SipText.tag());
        via.setRPort();
        if (!at.accepts()) {
            // RFC 5923 §6: the connection may be used both ways; there is no other.
            via.setParameter("alias", null);
        }
        return via;
    }

    /** The same request as another transaction (RFC 3261 §8.1.3.5, §22.2). */
    public Request again(Request request, long cseq) {
        Request copy = (Request) request.clone();
        try {
            ((ViaHeader) copy.getHeader(ViaHeader.NAME)).setBranch("z9hG4bK" + SipText.tag());
            ((CSeqHeader) copy.getHeader(CSeqHeader.NAME)).setSeqNumber(cseq);
        } catch (ParseException | InvalidArgumentException impossible) {
            throw new IllegalStateException("request not repeated", impossible);
        }
        return copy;
    }

    /** Who wants something of whom. */
    public record Ends(Party from, Party to, String callId) {}

    /** One end of a dialog; no tag where it has none yet. */
    public record Party(Address address, @Nullable String tag) {}

    public Party party(URI uri, @Nullable String tag) {
        return new Party(stack.addresses.createAddress(uri), tag);
    }

    public SipURI uri(String text) throws ParseException {
        return (SipURI) stack.addresses.createURI(text);
    }
}
