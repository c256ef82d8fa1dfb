/** Pure. Small stocks of names, with the ones that break naive code: apostrophes, hyphens, diacritics, blanks, other scripts. */
export const givenNames = {
  female: words(
    'Ada Amelia Aaliyah Anna Aoife Ava Beatriz Brianna Camila Chloé Daniela Elena Eleanor Emma Esther Fatima Gabriela Grace Hannah Harper Imani Isabella Jasmine Josefína Kayla Keisha Layla Leilani Lina Lucía Madison Mariana Maya Mei Mia Naomi Noor Nora Olivia Priya Renée Rosa Ruth Saoirse Sara Siobhán Sofía Sophia Thandiwe Uyên Valentina Willow Ximena Yara Zoë 芳 李娜',
  ),
  male: words(
    'Adam Ahmed Alejandro Amir Andrés Anthony Arjun Benjamin Björn Caleb Carlos Daniel David Diego DeShawn Elijah Ethan Félix Gabriel Henry Hiro Ibrahim Isaac Jacob Jamal James Jayden José Joshua Kai Kwame Liam Logan Lucas Malik Marcus Mateo Michael Minh Mohammed Nathan Nicolás Noah Oliver Omar Rafael René Samuel Santiago Søren Theo Tomás William Xavier Yusuf Zachary 伟 Łukasz',
  ),
} as const;

export const familyNames = words(
  'Abdi Adams Aguilar Ahmed Allen Álvarez Anderson Baker Banerjee Begay Bennett Brown Campbell Carter Castillo Chavez Chen Clark Cohen Collins Cruz D’Angelo Davis Díaz Diaz Edwards Evans Fernández Fischer Flores Foster García Garcia Gonzalez Goldberg Gray Green Gupta Gutiérrez Hall Harris Hernandez Hill Hoang Howard Jackson Jiménez Johnson Jones Kapoor Kaya Kelly Khan Kim King Kowalski Le Lee Lewis Li Liu Lopez Lopez-Rivera Martin Martinez McDonald Mitchell Mohamed Moore Morales Morgan Müller Murphy Nakamura Nelson Nguyen Novák Núñez O’Brien O’Connor Okafor Ortiz Park Parker Patel Perez Peterson Phillips Ramirez Reed Reyes Rivera Roberts Robinson Rodriguez Rogers Romero Ruiz Sánchez Sanders Santos Schmidt Scott Shah Silva Singh Smith Smith-Jones Stewart Sullivan Taylor Thomas Thompson Torres Tran Turner Vargas Vega Walker Wang Ward Washington Watson White Williams Wilson Wong Wood Wright Yazzie Yilmaz Young Zhang Żukowski 李 王',
).concat(['van der Berg', 'de la Cruz', 'St. John']);

export const schoolNames = words(
  'Oakwood Riverside Lincoln Maplewood Washington Cedar_Ridge Sunnyside Jefferson Lakeview Roosevelt Pine_Grove Hillcrest Franklin Meadowbrook Eastside Harriet_Tubman Westview Canyon_Creek Rosa_Parks Fairview Northgate Willow_Creek Kennedy Valley_View Sequoia Madison Cesar_Chavez Summit Parkway Heritage Bayside Prairie Monroe Foothill Coronado Ridgeview Adams Horizon Marie_Curie Liberty',
).map((name) => name.replaceAll('_', ' '));

export const birthPlaces = [
  { city: 'Fresno', state: 'CA', country: 'US' },
  { city: 'Houston', state: 'TX', country: 'US' },
  { city: 'Cañon City', state: 'CO', country: 'US' },
  { city: 'Phoenix', state: 'AZ', country: 'US' },
  { city: 'Winston-Salem', state: 'NC', country: 'US' },
  { city: 'Ciudad Juárez', state: undefined, country: 'MX' },
  { city: 'Hà Nội', state: undefined, country: 'VN' },
] as const;

/** Pure. Lower-case ASCII of a name for addresses: `Núñez` -> `nunez`, `李` -> `` (nothing of it is ASCII). */
export function nameToSlug(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll('ø', 'o')
    .replaceAll(/[Łł]/g, 'l')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}

function words(text: string): string[] {
  return text.split(' ');
}
