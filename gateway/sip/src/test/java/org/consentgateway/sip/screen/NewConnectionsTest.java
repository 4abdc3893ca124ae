package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose connection is given up for a new one. */
class NewConnectionsTest {
    private static final int PER_SOURCE = 3;
    private static final int IN_ALL = 6;

    private final NewConnections connections = new NewConnections(() -> PER_SOURCE, () -> IN_ALL);

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    /** Those given up for it. */
    private List<Socket> adds(InetSocketAddress peer, Socket connection) {
        return connections.add(peer, connection);
    }

    @Test
    void whoHasAnIpv6NetworkHasTheSharesOfOneSource() {
        Socket first = new Socket();
        assertThat(adds(at("2001:db8::1", 1), first)).isEmpty();
        assertThat(adds(at("2001:db8::2", 1), new Socket())).isEmpty();
        assertThat(adds(at("2001:db8::3", 1), new Socket())).isEmpty();
        assertThat(adds(at("2001:db8::4", 1), new Socket())).containsExactly(first);
    }

    @Test
    void whoComesFromEveryAddressOfANetworkCostsNobodyElseAConnection() {
        NewConnections roomy = new NewConnections(() -> IN_ALL, () -> IN_ALL);
        Socket other = new Socket();
        assertThat(roomy.add(at("2001:db8:0:1::1", 1), other)).isEmpty();
        assertThat(roomy.add(at("2001:db8:0:1::1", 2), new Socket())).isEmpty();
        for (int i = 1; i <= 4 * IN_ALL; i++) {
            assertThat(roomy.add(at("2001:db8::" + i, 1), new Socket())).doesNotContain(other);
        }
    }

    @Test
    void whatHasSpokenOrIsClosedIsCountedNoMore() {
        for (int i = 1; i <= 4 * PER_SOURCE; i++) {
            Socket each = new Socket();
            assertThat(adds(at("2001:db8::" + i, i), each)).isEmpty();
            connections.remove(each);
        }
    }

    /** To two of our ports, or where the end of the one before is not seen yet. */
    @Test
    void thoseOfOneAddressAndPortCountAsOneEachAndNoLongerThanTheyAreThere() {
        InetSocketAddress same = at("192.0.2.1", 1);
        for (int i = 1; i <= 4 * IN_ALL; i++) {
            Socket before = new Socket();
            Socket after = new Socket();
            assertThat(adds(same, before)).isEmpty();
            assertThat(adds(same, after)).isEmpty();
            connections.remove(before);
            connections.remove(after);
        }
        Socket first = new Socket();
        assertThat(adds(same, first)).isEmpty();
        assertThat(adds(same, new Socket())).isEmpty();
        assertThat(adds(same, new Socket())).isEmpty();
        assertThat(adds(same, new Socket())).containsExactly(first);
    }

    @Test
    void ipv4AddressesHaveTheirSharesEach() {
        for (int i = 1; i <= IN_ALL; i++) {
            assertThat(adds(at("192.0.2." + i, 1), new Socket())).isEmpty();
        }
    }

    // ------------------------------------------------------------------ of many sources

    private static final int PLACES = 48;
    private static final int EACH = 24;

    private final NewConnections crowded = new NewConnections(() -> EACH, () -> PLACES);

    /** From a network of its own each, as who has a /48 can. */
    private List<Socket> addsOneFromEach(int from, int networks) {
        List<Socket> given = new ArrayList<>();
        for (int i = from; i < from + networks; i++) {
            given.addAll(
                    crowded.add(
                            at("2001:db8:0:" + Integer.toHexString(i) + "::1", 1), new Socket()));
        }
        return given;
    }

    @Test
    void whoHasJustComeIsNotTheOneToGoThoughEachSourceHasOne() {
        assertThat(addsOneFromEach(1, PLACES)).isEmpty();
        for (int i = 1; i <= 100; i++) {
            Socket other = new Socket();
            assertThat(crowded.add(at("192.0.2." + i, 1), other)).hasSize(1).doesNotContain(other);
        }
    }

    /** Though nobody else has as many. */
    @Test
    void whoHasComeFurtherOrLaterStaysAndWithAFewConnections() {
        assertThat(addsOneFromEach(1, PLACES - EACH / 4)).isEmpty();
        List<Socket> others = new ArrayList<>();
        for (int i = 1; i <= EACH / 4; i++) {
            Socket other = new Socket();
            others.add(other);
            assertThat(crowded.add(at("192.0.2.1", i), other)).isEmpty();
        }
        Socket secured = others.getFirst();
        crowded.reached(secured, NewConnections.Stage.SECURED);
        assertThat(addsOneFromEach(100, PLACES - EACH / 4)).doesNotContainAnyElementsOf(others);
        assertThat(addsOneFromEach(200, 4 * PLACES)).doesNotContain(secured);
    }

    @Test
    void whoHasMoreThanAFewGivesWayFirst() {
        assertThat(addsOneFromEach(1, PLACES - EACH)).isEmpty();
        List<Socket> many = new ArrayList<>();
        for (int i = 1; i <= EACH; i++) {
            Socket each = new Socket();
            many.add(each);
            assertThat(crowded.add(at("192.0.2.1", i), each)).isEmpty();
        }
        assertThat(addsOneFromEach(100, EACH - EACH / 4))
                .containsExactlyElementsOf(many.subList(0, EACH - EACH / 4));
        assertThat(addsOneFromEach(200, 1)).hasSize(1).doesNotContainAnyElementsOf(many);
    }

    // ------------------------------------------------------------------ how far they have come

    private static final InetSocketAddress OTHER = at("2001:db8::1", 99);
    private static final int MANY = 8;

    private final NewConnections roomy = new NewConnections(() -> MANY, () -> 100);

    private static InetSocketAddress peer(int port) {
        return at("2001:db8::1", port);
    }

    /** As many as may be there, which have all come so far. */
    private List<Socket> fill(NewConnections.Stage stage) {
        List<Socket> all = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            Socket each = new Socket();
            all.add(each);
            assertThat(roomy.add(peer(i), each)).isEmpty();
            roomy.reached(each, stage);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(
            value = NewConnections.Stage.class,
            names = "SILENT",
            mode = EnumSource.Mode.EXCLUDE)
    void whoSaysNothingGivesWayBeforeAHandshake(NewConnections.Stage stage) {
        Socket shaking = new Socket();
        assertThat(roomy.add(OTHER, shaking)).isEmpty();
        roomy.reached(shaking, stage);
        for (int i = 1; i <= 4 * MANY; i++) {
            assertThat(roomy.add(peer(i), new Socket())).doesNotContain(shaking);
        }
    }

    @Test
    void aHandshakeUnderWayGivesWayBeforeOneThatHasEnded() {
        Socket secured = new Socket();
        assertThat(roomy.add(OTHER, secured)).isEmpty();
        roomy.reached(secured, NewConnections.Stage.GREETED);
        roomy.reached(secured, NewConnections.Stage.SECURED);
        for (int i = 1; i <= 4 * MANY; i++) {
            Socket each = new Socket();
            assertThat(roomy.add(peer(i), each)).doesNotContain(secured);
            roomy.reached(each, NewConnections.Stage.GREETED);
        }
    }

    /** Nor can those who end their handshakes and are silent then hold all places. */
    @ParameterizedTest
    @EnumSource(
            value = NewConnections.Stage.class,
            names = "SILENT",
            mode = EnumSource.Mode.EXCLUDE)
    void whoHasJustComeHasAPlaceHoweverFarAllOthersHaveCome(NewConnections.Stage stage) {
        List<Socket> before = fill(stage);
        Socket first = new Socket();
        assertThat(roomy.add(peer(20), first)).containsExactly(before.get(0));
        assertThat(roomy.add(peer(21), new Socket())).containsExactly(before.get(1));
        assertThat(roomy.add(peer(22), new Socket())).as("a quarter").containsExactly(first);
    }

    @Test
    void whoHasJustComeIsNotTheOneToGoThoughThereIsOnePlace() {
        var narrow = new NewConnections(() -> 1, () -> 1);
        Socket before = new Socket();
        assertThat(narrow.add(peer(1), before)).isEmpty();
        narrow.reached(before, NewConnections.Stage.GREETED);
        assertThat(narrow.add(peer(2), new Socket())).containsExactly(before);
    }

    @Test
    void whatIsClosedOrHasSpokenComesNoFurther() {
        Socket other = new Socket();
        connections.reached(other, NewConnections.Stage.GREETED);
        assertThat(adds(OTHER, other)).isEmpty();
        for (int i = 1; i <= 4 * PER_SOURCE; i++) {
            Socket each = new Socket();
            assertThat(adds(peer(i), each)).isEmpty();
            connections.reached(each, NewConnections.Stage.SECURED);
            connections.remove(each);
            connections.reached(each, NewConnections.Stage.SECURED);
        }
    }
}
