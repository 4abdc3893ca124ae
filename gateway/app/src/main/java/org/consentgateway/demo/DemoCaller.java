package org.consentgateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.LocalMedia;

/** Thread-safe. A telephone on this machine: places calls that a program drives and listens to. */
public final class DemoCaller implements AutoCloseable {
    private final SipEndpoint sip;
    private final MediaEngine media;

    private DemoCaller(SipEndpoint sip, MediaEngine media) {
        this.sip = sip;
        this.media = media;
    }

    /**
     * @param listen where its own signalling is, over UDP and TCP; port 0 takes a free one
     * @param media for its legs; stays the caller's to close
     */
    public static DemoCaller start(InetSocketAddress listen, MediaEngine media) throws IOException {
        SipEndpoint sip =
                DemoEndpoint.start(
                        listen, "consent-gateway-demo-caller", List.of(), CallHandler.none());
        return new DemoCaller(sip, media);
    }

    /**
     * Calls; returns at once.
     *
     * @param target SIP URI such as {@code sip:+4930123456@127.0.0.1:5060}
     * @param from the caller's number, or "anonymous" to withhold it
     * @param listener told of everything, on SIP and media threads
     * @throws PortsExhaustedException where the engine has no port pair left
     */
    public DemoCall call(String target, String from, DemoCall.Listener listener)
            throws PortsExhaustedException {
        DemoCall call = new DemoCall(media.open(), listener, null);
        return dial(target, from, LocalMedia.ofAudio(call.local()), call);
    }

    /**
     * The same for somebody who hears and speaks by a stream ({@link DemoCall#says}), once the call
     * is answered. Nothing of it is kept.
     *
     * @param hears told on the event loop
     */
    public DemoCall callByStream(
            String target, String from, DemoCall.Listener listener, StreamLeg.Receiver hears)
            throws PortsExhaustedException {
        MediaLeg leg = media.open();
        StreamLeg stream = media.openStream(leg, G711.PCMA, hears);
        var voice = new DemoCall.StreamVoice(stream, () -> media.bridge(leg, stream));
        DemoCall call = new DemoCall(leg, listener, voice);
        return dial(target, from, LocalMedia.ofAudio(call.local()), call);
    }

    /** The same without hearing or speaking: by real-time text alone. */
    public DemoCall callByText(String target, String from, DemoCall.Listener listener)
            throws PortsExhaustedException {
        DemoCall call = new DemoCall(media.open(), listener, null);
        InetSocketAddress text = call.text();
        return dial(target, from, new LocalMedia(null, () -> text), call);
    }

    private DemoCall dial(String target, String from, LocalMedia local, DemoCall call) {
        Map<String, String> headers =
                from.equals("anonymous")
                        ? Map.of("Privacy", "id")
                        : Map.of("P-Asserted-Identity", "<sip:" + from + "@127.0.0.1>");
        call.dialled(
                sip.dial(
                        OutgoingCall.Dial.straight(
                                        target, from, headers, call.local(), Codec.all().getFirst())
                                .offering(local),
                        call));
        return call;
    }

    @Override
    public void close() {
        sip.close();
    }
}
