/** Things people do for each other, of every kind: the middle of their vectors is what an embedder says of any text. */
export const phrases: readonly string[] = [
  ...['Haircut at home', 'Repairing bicycles', 'Piano lessons', 'Walking the dog', 'Help with taxes', 'Fresh eggs'],
  ...['A lift to the airport', 'Painting walls', 'Looking after children', 'Sewing and mending', 'Legal advice'],
  ...['Spanish conversation', 'Setting up a computer', 'Massage', 'Cleaning windows', 'Carrying furniture'],
  ...['Cooking for a party', 'Gardening', 'A room for visitors', 'Reading to the blind', 'Photographs of a wedding'],
  ...['Уборка квартиры', 'Ремонт крыши', 'Занятия йогой', 'Пошив одежды', 'Garten umgraben', 'Nachhilfe in Mathematik'],
  ...['Kinderbetreuung', 'Cours de guitare', 'Réparation de voiture', 'Cuidado de ancianos', 'Traducción de cartas'],
  ...['Lezioni di italiano', 'Pomoc w przeprowadzce', 'Bahçe işleri', '修理自行车', '英語を教えます', '피아노 레슨'],
];
