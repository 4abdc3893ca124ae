package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DtmfSenderTest {
    private final DtmfSender dtmf = new DtmfSender();

    /** What goes out in one frame: event, end bit and duration, or a dash for audio. */
    private String frame() {
        if (!dtmf.active()) {
            return "-";
        }
        if (!dtmf.sendsNow()) {
            dtmf.advance();
            return "-";
        }
        ByteBuffer payload = ByteBuffer.allocate(4);
        boolean first = dtmf.first();
        dtmf.write(payload, 0, 1);
        dtmf.advance();
        return (first ? "M " : "")
                + payload.get(0)
                + (payload.get(1) < 0 ? "E" : "")
                + " "
                + payload.getShort(2);
    }

    @Test
    void aKeyIsFivePacketsAndThreeEndsAndAPause() {
        assertThat(dtmf.queue('#')).isTrue();
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            frames.add(frame());
        }
        assertThat(frames)
                .containsExactly(
                        "M 11 160",
                        "11 320",
                        "11 480",
                        "11 640",
                        "11 800",
                        "11E 800",
                        "11E 800",
                        "11E 800",
                        "-",
                        "-",
                        "-",
                        "-");
        assertThat(dtmf.active()).isFalse();
    }

    @Test
    void keysFollowInOrderWithPausesBetween() {
        dtmf.queue('1');
        dtmf.queue('1');
        StringBuilder starts = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            starts.append(frame().startsWith("M 1") ? 'M' : '.');
        }
        assertThat(starts).hasToString("M..........M..................");
    }

    @Test
    void keysBeyondTheLimitAreRefusedAndSkippedOnesCounted() {
        for (int i = 0; i < DtmfSender.MAX_WAITING; i++) {
            assertThat(dtmf.queue('5')).isTrue();
        }
        assertThat(dtmf.queue('5')).isFalse();
        assertThat(dtmf.queue('x')).isFalse();
        assertThat(dtmf.skip()).isEqualTo(DtmfSender.MAX_WAITING);
        assertThat(dtmf.active()).isFalse();
    }
}
