package org.consentgateway.web.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.web.connection.SharedPlaces.Use;
import org.junit.jupiter.api.Test;

/** Who gives up a place of a listener that is full. */
class SharedPlacesTest {
    private static final int MOST = 4;
    private static final String STRANGER = "203.0.113.9";
    private static final String OTHER = "203.0.113.10";

    private final Map<String, Use> used = new HashMap<>();
    private final SharedPlaces<String> places =
            new SharedPlaces<>(MOST, each -> used.getOrDefault(each, Use.SILENT));

    private void full(String source, Use use) {
        for (int i = 0; i < MOST; i++) {
            comes("c" + i, source, use);
        }
    }

    private void comes(String connection, String source, Use use) {
        used.put(connection, use);
        assertThat(places.add(connection, source)).isEmpty();
    }

    @Test
    void theOldestThatHasAskedNothingGoesFirst() {
        comes("works", OTHER, Use.BUSY);
        comes("waits", OTHER, Use.BETWEEN);
        comes("silent 1", STRANGER, Use.SILENT);
        comes("silent 2", STRANGER, Use.SILENT);
        assertThat(places.add("3", STRANGER)).contains("silent 1");
        assertThat(places.add("4", STRANGER)).contains("silent 2");
        assertThat(places.add("5", STRANGER)).contains("3");
    }

    /** So one that has just connected is not closed for a stranger's. */
    @Test
    void ofThoseThatHaveAskedNothingTheGreediestSourceGivesItsOldest() {
        comes("honest", OTHER, Use.SILENT);
        comes("1", STRANGER, Use.SILENT);
        comes("2", STRANGER, Use.SILENT);
        comes("3", STRANGER, Use.SILENT);
        assertThat(places.add("4", STRANGER)).contains("1");
        assertThat(places.add("of a third", "203.0.113.11")).contains("2");
    }

    /** A stranger with many networks is no better off. */
    @Test
    void ofSourcesWithAsManyThatOfTheOldestGives() {
        for (int i = 0; i < MOST; i++) {
            comes("c" + i, Visitor.at("2001:db8:0:" + i + "::1"), Use.SILENT);
        }
        assertThat(places.add("honest", OTHER)).contains("c0");
        used.put("honest", Use.BUSY);
        assertThat(places.add("c4", Visitor.at("2001:db8:0:4::1"))).contains("c1");
    }

    @Test
    void allAddressesOfANetworkAreOneSource() {
        assertThat(Visitor.at("2001:db8:0:1::1")).isEqualTo(Visitor.at("2001:db8:0:1:ffff::2"));
        assertThat(Visitor.at("2001:db8:0:1::1")).isNotEqualTo(Visitor.at("2001:db8:0:2::1"));
        assertThat(Visitor.at("::ffff:192.0.2.1")).isEqualTo(Visitor.at("192.0.2.1"));
        assertThat(Visitor.at("192.0.2.1")).isNotEqualTo(Visitor.at("192.0.2.2"));
        assertThat(Visitor.at("localhost")).isEmpty();
    }

    @Test
    void whoIsBetweenTwoRequestsGivesWayWhereNobodyIsSilent() {
        comes("honest", OTHER, Use.BETWEEN);
        comes("works", STRANGER, Use.BUSY);
        comes("1", STRANGER, Use.BETWEEN);
        comes("2", STRANGER, Use.BETWEEN);
        assertThat(places.add("one more", "203.0.113.11")).contains("1");
    }

    /** Such as by bodies that never end. */
    @Test
    void whoseRequestsHoldAllGivesWayToWhoHasFewer() {
        full(STRANGER, Use.BUSY);
        assertThat(places.add("honest", OTHER)).contains("c0");
        used.put("honest", Use.BUSY);
        assertThat(places.add("honest too", OTHER)).contains("c1");
    }

    /** Nobody is cut off in a request for who has as many: that would be no gain to anybody. */
    @Test
    void whereAllHaveAsManyTheOneThatComesIsClosed() {
        comes("1", STRANGER, Use.BUSY);
        comes("2", STRANGER, Use.BUSY);
        comes("3", OTHER, Use.BUSY);
        comes("4", OTHER, Use.BUSY);
        assertThat(places.add("5", STRANGER)).contains("5");
        assertThat(places.add("6", OTHER)).contains("6");
    }

    @Test
    void whoGoesLeavesAPlace() {
        full(STRANGER, Use.BUSY);
        places.remove("c1");
        assertThat(places.add("c4", STRANGER)).isEqualTo(Optional.empty());
    }
}
