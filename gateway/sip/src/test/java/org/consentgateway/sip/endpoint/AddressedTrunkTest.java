package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.junit.jupiter.api.Test;

/**
 * What it costs to say of which trunk a datagram is: the thread that reads all of them asks it of
 * each before anything else, and their senders may be forged.
 */
class AddressedTrunkTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Of a datagram. */
    private static final int OCTETS = 16_000;

    /** Trunks of one address. */
    private final List<Trunk> all =
            IntStream.range(0, 20).mapToObj(i -> Bench.trunk("t" + i)).toList();

    private final List<String> asked = new ArrayList<>();
    private final KnownSources sources = new KnownSources(all);
    private final AddressedTrunk addressed =
            new AddressedTrunk(
                    sources, new Accounts(sources, new DialogTable(), _ -> true), new Lines());

    /** The last trunk has one line. */
    private final class Lines implements CallHandler {
        @Override
        public CallAdmission door(String trunk, boolean proven) {
            return new CallAdmission.Accepted();
        }

        @Override
        public CallAdmission admit(String trunk, String calledNumber) {
            return new CallAdmission.UnknownLine();
        }

        @Override
        public boolean serves(String trunk, String calledNumber) {
            asked.add(calledNumber);
            return trunk.equals("t19") && calledNumber.equals("+4930123456");
        }

        @Override
        public void call(IncomingCall call) {}
    }

    /** Octets that it allocates to find the trunk. */
    private long cost(String requestUri) {
        assertThat(addressed.of(all, requestUri)).isEqualTo(all.getFirst());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Trunk _ = addressed.of(all, requestUri);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void theParametersOfARequestUriAreNotReadForEachTrunk() {
        String empty = ";".repeat(OCTETS);
        for (String uri : List.of("sip:a" + empty + "@x", "sip:a@x" + empty, "tel:1" + empty)) {
            assertThat(cost(uri)).as(uri.substring(0, 8)).isLessThan(10 * OCTETS);
        }
    }

    @Test
    void aUserThatIsTooLongForALineIsComparedWithNoLineOfAnyTrunk() {
        assertThat(cost("sip:" + "1".repeat(OCTETS) + "@x")).isLessThan(10 * OCTETS);
        assertThat(asked).isEmpty();
    }

    @Test
    void aNumberIsOfTheTrunkThatHasItAsALineWithWhateverParameters() {
        assertThat(addressed.of(all, "sip:030123456;" + "a;".repeat(50) + "@x"))
                .isEqualTo(all.getLast());
        assertThat(addressed.serves(all.getLast(), "sip:030123456;a=b@x")).isTrue();
        assertThat(addressed.serves(all.getFirst(), "sip:030123456;a=b@x")).isFalse();
    }

    /** Behind the parser it gets 404, and so it counts for no call. */
    @Test
    void aRequestUriWithoutAUserAddressesNoAccountAndNoLine() {
        assertThat(addressed.serves(all.getFirst(), "sip:127.0.0.1")).isFalse();
        assertThat(addressed.serves(all.getFirst(), "URN:service:sos.fire")).isTrue();
    }
}
