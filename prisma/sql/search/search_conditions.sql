-- The conditions of a search's filter, as SQL over a document `d`, with the place of `near` as $2 and $3. Every piece is a constant of
-- this file: values reach the query as quoted literals only.
create or replace function kith.search_conditions(filter jsonb)
returns text language plpgsql stable set search_path = public, pg_temp as $$
declare
  near jsonb := filter -> 'near';
  latitude float8 := (near ->> 'latitude')::float8;
  longitude float8 := (near ->> 'longitude')::float8;
  -- Degrees; a degree of latitude is 111.2 km, one of longitude shrinks towards the poles.
  tall float8 := (near ->> 'withinKm')::float8 / 111;
  wide float8 := tall / greatest(0.01, cos(radians(least(89.9, abs(latitude) + tall))));
begin
  return concat_ws(' and ',
    case when filter ? 'kind' then format('d.kind=%L', filter ->> 'kind') end,
    case when filter ? 'categoryIds' then format('d.category_ids&&%L::uuid[]', kith.search_array(filter -> 'categoryIds')) end,
    case when filter ? 'tags' then format('d.tags@>%L::text[]', kith.search_array(filter -> 'tags')) end,
    case when filter ? 'languages' then format('d.language=any(%L::text[])', kith.search_array(filter -> 'languages')) end,
    case when filter ? 'terms' then format('d.terms=any(%L::payment_terms[])', kith.search_array(filter -> 'terms')) end,
    case when filter ? 'memberId' then format('d.member_id=%L', filter ->> 'memberId') end,
    case when filter ? 'exceptMemberId' then format('d.member_id<>%L', filter ->> 'exceptMemberId') end,
    case when filter ? 'remote' then format('d.remote=%L', filter ->> 'remote') end,
    case when filter ? 'priceFrom' then format('coalesce(d.price_to,d.price)>=%L', filter ->> 'priceFrom') end,
    case when filter ? 'priceTo' then format('d.price<=%L', filter ->> 'priceTo') end,
    case when filter ? 'publishedAfter' then format('d.published_at>%L', filter ->> 'publishedAfter') end,
    case when filter ? 'reputationLevelFrom' then format('d.reputation_level>=%L', filter ->> 'reputationLevelFrom') end,
    case when near is not null then format('d.latitude between %L and %L', latitude - tall, latitude + tall) end,
    -- A box over the date line or a pole would be two boxes: there the circle alone decides.
    case when near is not null and abs(longitude) + wide < 180 then format('d.longitude between %L and %L', longitude - wide, longitude + wide) end,
    case when near is not null then format('kith.search_distance_km(d.latitude,d.longitude,$2,$3)<=%L', near ->> 'withinKm') end);
end $$;
revoke all on function kith.search_conditions from public;
