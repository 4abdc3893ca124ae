package org.consentgateway.callback;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest.CallBackDue;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.endpoint.SipEndpoint;

/** Thread-safe. Calls numbers back by SIP. */
public final class CallBackCalls implements NumberCaller {
    private final SipEndpoint sip;
    private final MediaEngine media;
    private final UnaryOperator<InetSocketAddress> advertised;
    private final Spoken spoken;
    private final LongSupplier nanos;

    /** The notice of a line that is in force on its day. */
    public interface Spoken {
        CallBackPart part(CallBackTerms.OfLine line, String language, String part);
    }

    /**
     * @param advertised what others are told to send their RTP to, for our own address
     */
    public CallBackCalls(
            SipEndpoint sip,
            MediaEngine media,
            UnaryOperator<InetSocketAddress> advertised,
            Spoken spoken,
            LongSupplier nanos) {
        this.sip = sip;
        this.media = media;
        this.advertised = advertised;
        this.spoken = spoken;
        this.nanos = nanos;
    }

    @Override
    public void call(CallBackDue due, CallBackTerms.Way way, Writing writing)
            throws JournalUnavailable {
        MediaLeg leg;
        try {
            leg = media.open();
        } catch (PortsExhaustedException e) {
            CallBackResult _ = writing.write(CallBackResult.NOT_REACHED);
            return;
        }
        String language = due.notice().language();
        try (var call =
                new CallBackCall(
                        leg,
                        part -> spoken.part(way.line(), language, part),
                        way.line().firstInput(),
                        nanos)) {
            call.ask(due.asked().kind(), dial -> sip.dial(dial, call), way, local(leg), writing);
        }
    }

    private InetSocketAddress local(MediaLeg leg) {
        return advertised.apply(leg.local());
    }
}
