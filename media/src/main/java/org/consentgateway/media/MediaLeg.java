package org.consentgateway.media;

import java.net.InetSocketAddress;
import java.util.List;
import org.consentgateway.media.audio.AudioClip;

/**
 * One party's RTP session: one port pair, one SSRC and one continuous RTP clock for the whole call.
 * Nothing here blocks; what is asked is handed over to the leg's event loop. Thread-safe.
 */
public interface MediaLeg extends AutoCloseable {

    /**
     * Our RTP address (RTCP is the next port, or the same with rtcp-mux); never changes in a leg's
     * life.
     */
    InetSocketAddress local();

    /**
     * Starts sending (silence at first, a packet every 20 ms) and receiving. Called again after a
     * re-INVITE with what was agreed then; SSRC, sequence and timestamp go on.
     */
    void connect(MediaFormat format, MediaPeer peer);

    /**
     * Who hears of frames, keys, and media that arrives or stops; replaces the one before. Called
     * on the event loop.
     */
    void listen(MediaListener listener);

    /**
     * Whether the listener gets frames of what the peer says, as it does at first: what nobody
     * listens to is not even decoded. On a bridge {@link MediaBridge#tapFirst} decides instead.
     */
    void frames(boolean wanted);

    /**
     * Plays clips one after the other without a gap, after what is playing now has been stopped.
     * Frozen while the peer does not receive (hold).
     *
     * @param repeat starts again at the end until stopped (ring-back)
     */
    Playback play(List<AudioClip> clips, boolean repeat);

    /**
     * Sends one key to the peer as RFC 4733 events (100 ms long), queued after keys still being
     * sent.
     */
    void sendDigit(char digit);

    MediaStats stats();

    /**
     * Neither hears anybody any more nor is heard, for good; its ports stay its own until it is
     * closed, since the peer may still be sending.
     */
    void mute();

    /** Stops both ways and returns the ports to quarantine. May be called twice. */
    @Override
    void close();
}
