/** Disks that tests may fill. */
@NullMarked
package org.consentgateway.testkit.disk;

import org.jspecify.annotations.NullMarked;
