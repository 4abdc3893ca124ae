package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoicesTest {
    @Test
    void everyPathIsTakenOnce() {
        var paths = new ArrayList<List<Integer>>();
        int count =
                Choices.forEach(
                        3,
                        choices -> {
                            int first = choices.pick(2);
                            paths.add(
                                    first == 0
                                            ? List.of(0, choices.pick(3))
                                            : List.of(1, choices.pick(2), choices.pick(2)));
                        });

        assertThat(count).isEqualTo(7);
        assertThat(paths).doesNotHaveDuplicates().hasSize(7);
    }

    @Test
    void beyondTheDepthTheFirstPossibilityIsTaken() {
        var sums = new ArrayList<Integer>();
        Choices.forEach(1, choices -> sums.add(choices.pick(2) + 10 * choices.pick(5)));

        assertThat(sums).containsExactly(0, 1);
    }

    /** The second choice counts as a place further on; from there the ways part. */
    @Test
    void whatIsKnownUpToThePlaceIsNotGoneAgain() {
        Choices.Paths known =
                Choices.remember(2, choices -> choices.pick(2) == 0 ? 1 : 2 + choices.pick(2));
        var gone = new ArrayList<Integer>();
        Choices.forEachBeyond(
                known,
                1,
                2,
                choices -> {
                    int first = choices.pick(2);
                    gone.add(first == 0 ? 0 : 10 + choices.pick(3));
                    return 2;
                });

        assertThat(gone).containsExactly(10, 11, 12);
    }
}
