/**
 * What befalls a gateway in its worst hour, by seed, and whether its promises hold all the while.
 */
@NullMarked
package org.consentgateway.bench.chaos;

import org.jspecify.annotations.NullMarked;
