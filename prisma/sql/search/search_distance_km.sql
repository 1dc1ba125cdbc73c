-- Great-circle distance in kilometres by the haversine formula, on a sphere of the earth's mean radius (6371.0088 km, IUGG).
create or replace function kith.search_distance_km(latitude float8, longitude float8, from_latitude float8, from_longitude float8)
returns float8 language sql immutable parallel safe as $$
  -- Without a place there is no distance; "least" would make one of it.
  select case when latitude is not null then 2 * 6371.0088 * asin(sqrt(least(1, power(sin(radians(latitude - from_latitude) / 2), 2)
    + cos(radians(latitude)) * cos(radians(from_latitude)) * power(sin(radians(longitude - from_longitude) / 2), 2)))) end
$$;
