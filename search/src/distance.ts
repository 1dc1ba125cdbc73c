import { type Place } from './engine.ts';

const EARTH_RADIUS_KM = 6371.0088;

/** Great-circle distance in kilometres: haversine formula, sphere of the earth's mean radius (IUGG). */
export function distanceKm(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const square = (angle: number) => Math.sin(angle / 2) ** 2;
  const h =
    square(radians(b.latitude - a.latitude)) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * square(radians(b.longitude - a.longitude));
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}
