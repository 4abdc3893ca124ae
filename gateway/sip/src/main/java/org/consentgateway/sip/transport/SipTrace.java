package org.consentgateway.sip.transport;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.RouteHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.capture.Capture;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the last calls without whatever names a person, for operators; and how we
 * answered the calls of each trunk. Thread-safe. What the stack repeats by itself, or answers to
 * itself (ACK of a refusal), is not seen.
 */
public final class SipTrace {
    /** Dialogs that are remembered: the latest. */
    static final int DIALOGS = 1000;

    /** Messages of one dialog: the first. */
    static final int STEPS = 100;

    /** By it, INVITEs of ours tell which call they belong to. */
    private static final String CALL_ID = "X-Gateway-Call-Id";

    private static final Pattern CAUSE = Pattern.compile("cause\\s*=\\s*(\\d{1,3})");

    private final InstantSource clock;
    private final Trunks trunks;
    private final LiveCounters tally;
    private final Capture capture;
    private final Map<String, TracedDialog> dialogs = new LinkedHashMap<>();

    /** Which trunk a request is of. Thread-safe. */
    public interface Trunks {
        /**
         * Null: of none.
         *
         * @param requestUri as it came
         */
        @Nullable Trunk of(InetAddress source, String requestUri);
    }

    /** One dialog. Guarded by the trace. */
    private static final class TracedDialog {
        private @Nullable UUID call;

        /** Whose INVITE it began with, until that is answered; null: no trunk's. */
        private @Nullable Trunk asked;

        private final List<SipStep> steps = new ArrayList<>();
    }

    /**
     * @param capture is shown every message as well
     */
    public SipTrace(InstantSource clock, Trunks trunks, LiveCounters tally, Capture capture) {
        this.clock = clock;
        this.trunks = trunks;
        this.tally = tally;
        this.capture = capture;
    }

    /** A message that came, or that has just been handed to the network. */
    public void saw(SIPMessage message, boolean sent) {
        if (message.getCallId() == null || message.getCSeq() == null) {
            return;
        }
        String method = message.getCSeq().getMethod();
        String peer = sent ? sentTo(message) : cameFrom(message);
        if (method.equals(Request.REGISTER) || method.equals(Request.OPTIONS)) {
            capture.saw(message, sent, peer, null); // of no call
            return;
        }
        Trunk asking = sent ? null : asking(message);
        Trunk answered = null;
        UUID call;
        synchronized (this) {
            TracedDialog dialog =
                    dialogs.computeIfAbsent(
                            message.getCallId().getCallId(), _ -> new TracedDialog());
            if (dialogs.size() > DIALOGS) {
                dialogs.remove(dialogs.keySet().iterator().next());
            }
            if (dialog.steps.size() < STEPS) {
                dialog.steps.add(
                        new SipStep(clock.instant(), 0, sent, peer, text(message, method)));
            }
            if (sent && message instanceof Request) {
                belongs(dialog, HeaderText.first(message, CALL_ID));
            }
            if (asking != null) {
                dialog.asked = asking;
            }
            if (sent && isFinalToInvite(message, method)) {
                answered = dialog.asked;
                dialog.asked = null;
            }
            call = dialog.call;
        }
        capture.saw(message, sent, peer, call);
        if (answered != null && message instanceof Response response) {
            tally.answered(answered.name(), response.getStatusCode(), true);
        }
    }

    private static void belongs(TracedDialog dialog, @Nullable String call) {
        if (dialog.call == null && call != null) {
            dialog.call = UUID.fromString(call);
        }
    }

    /** The dialog of this Call-ID is the caller's, in the call of that id. */
    public synchronized void belongs(String sipCallId, UUID call) {
        dialogs.computeIfAbsent(sipCallId, _ -> new TracedDialog()).call = call;
    }

    /** Whose first INVITE of a dialog it is; null: it is none, or no trunk's. */
    private @Nullable Trunk asking(SIPMessage message) {
        InetAddress source = message.getRemoteAddress();
        return source != null
                        && message instanceof Request request
                        && request.getMethod().equals(Request.INVITE)
                        && message.getToTag() == null
                ? trunks.of(source, String.valueOf(request.getRequestURI()))
                : null;
    }

    /** But for what the caller goes on after: with a password, or a longer session (422). */
    private static boolean isFinalToInvite(SIPMessage message, String method) {
        return message instanceof Response response
                && method.equals(Request.INVITE)
                && response.getStatusCode() >= 200
                && response.getStatusCode() != 422
                && TrunkCounters.counts(response.getStatusCode());
    }

    /** What became of copies for a collector. */
    public Map<Capture.Outcome, Long> captured() {
        return capture.counts();
    }

    /** No more copies. */
    public void close() {
        capture.close();
    }

    /** All messages of one call, in their order; none if it is forgotten or never was. */
    public synchronized List<SipStep> ladder(UUID call) {
        List<SipStep> all = new ArrayList<>();
        int number = 0;
        for (TracedDialog dialog : dialogs.values()) {
            if (call.equals(dialog.call)) {
                number++;
                for (SipStep step : dialog.steps) {
                    all.add(
                            new SipStep(
                                    step.at(), number, step.sent(), step.peer(), step.message()));
                }
            }
        }
        all.sort(Comparator.comparing(SipStep::at));
        return all;
    }

    /** Method or status, whether it carries SDP, and the cause of an end (RFC 3326). */
    private static String text(SIPMessage message, String method) {
        StringBuilder text = new StringBuilder();
        if (message instanceof Response response) {
            text.append(response.getStatusCode()).append(' ');
        }
        text.append(Methods.KNOWN.contains(method) ? method : "other");
        if (message.getContentTypeHeader() != null
                && message.getContentTypeHeader().getContentSubType().equalsIgnoreCase("sdp")) {
            text.append(" sdp");
        }
        String reason = HeaderText.first(message, "Reason");
        Matcher cause = CAUSE.matcher(reason == null ? "" : reason);
        if (cause.find()) {
            text.append(" cause ").append(cause.group(1));
        }
        return text.toString();
    }

    private static String cameFrom(SIPMessage message) {
        InetAddress from = message.getRemoteAddress();
        return from == null ? "" : SipText.literal(from) + ":" + message.getRemotePort();
    }

    /** A response goes where its request came from, a request to its route or its target. */
    private static String sentTo(SIPMessage message) {
        if (message instanceof Response) {
            Via via = message.getTopmostVia();
            if (via == null) {
                return "";
            }
            String host = via.getReceived() == null ? via.getHost() : via.getReceived();
            int port = via.getRPort() > 0 ? via.getRPort() : via.getPort();
            return port > 0 ? bracketed(host) + ":" + port : bracketed(host);
        }
        if (message instanceof SIPRequest request
                && request.getApplicationData() instanceof ServerAddress found) {
            return found.getHost() + ":" + found.getPort();
        }
        RouteHeader route = (RouteHeader) message.getHeader(RouteHeader.NAME);
        URI to = route == null ? ((Request) message).getRequestURI() : route.getAddress().getURI();
        if (!(to instanceof SipURI uri)) {
            return "";
        }
        return uri.getPort() > 0
                ? bracketed(uri.getHost()) + ":" + uri.getPort()
                : bracketed(uri.getHost());
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
